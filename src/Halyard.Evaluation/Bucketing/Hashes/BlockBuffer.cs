using System.Runtime.CompilerServices;

namespace Halyard.Evaluation;

/// <summary>The 64 bytes that SHA-1 and MD5 digest at a time.</summary>
[InlineArray(Size)]
internal struct BlockBuffer
{
    public const int Size = 64;

    private byte _first;
}

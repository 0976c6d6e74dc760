using System.Text.Unicode;

namespace Halyard.Evaluation;

/// <summary>A hash in the making, a value: copying it copies what was appended, so that a salt is hashed once, when compiling.</summary>
internal interface IHashState
{
    /// <summary>Hashes further bytes.</summary>
    void Append(ReadOnlySpan<byte> data);
}

internal static class HashText
{
    private const int Chunk = 128;

    /// <summary>Hashes a text's UTF-8, of any length, without allocating; half a surrogate pair counts as U+FFFD.</summary>
    public static void AppendText<TState>(ref this TState state, ReadOnlySpan<char> text)
        where TState : struct, IHashState
    {
        Span<byte> buffer = stackalloc byte[Chunk];
        while (!text.IsEmpty)
        {
            _ = Utf8.FromUtf16(text, buffer, out var read, out var written);
            state.Append(buffer[..written]);
            text = text[read..];
        }
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Halyard.Ledger;

/// <summary>One step from the root to where the reader is: a member's name in the written text, or an element's index.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct PathStep
{
    private readonly int _start;
    private readonly int _value;

    private PathStep(int start, int value)
    {
        _start = start;
        _value = value;
    }

    public static PathStep Element(int index) => new(-1, index);

    public static PathStep Member(int start, int length) => new(start, length);

    public static string ToPointer(ReadOnlySpan<PathStep> steps, byte[] text)
    {
        if (steps.IsEmpty)
            return string.Empty;
        var pointer = new StringBuilder();
        foreach (var step in steps)
        {
            pointer.Append('/');
            if (step._start < 0)
                pointer.Append(CultureInfo.InvariantCulture, $"{step._value}");
            else
                pointer.Append(JsonPointer.EscapeToken(CanonicalString.Unescape(text.AsSpan(step._start, step._value))));
        }
        return pointer.ToString();
    }
}

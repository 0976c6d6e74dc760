namespace Halyard.Ledger;

/// <summary>Why a text is not acceptable JSON, in words for a person.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901) of the value or member that is wrong; empty for the root.</param>
/// <param name="Message">What is wrong, without the place.</param>
/// <param name="Offset">Zero-based byte offset in the input.</param>
public sealed record JsonProblem(string Pointer, string Message, long Offset)
{
    /// <summary>Message and place in one sentence.</summary>
    public override string ToString() =>
        Pointer.Length == 0 ? $"{Message} (byte {Offset})" : $"{Message} (at {Pointer}, byte {Offset})";
}

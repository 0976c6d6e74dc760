using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Halyard.Ledger;

/// <summary>A text with signatures: the signed note of C2SP (<c>c2sp.org/signed-note</c>). Immutable.</summary>
public sealed class Note
{
    /// <summary>The largest note that is read, 1 MB.</summary>
    public const int MaxLength = 1_000_000;

    /// <summary>The most signatures that a note may carry.</summary>
    public const int MaxSignatures = 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A note from its parts.</summary>
    /// <param name="text">What is signed; ends with a line feed, which is its only control character.</param>
    /// <param name="signatures">One to <see cref="MaxSignatures"/>.</param>
    /// <exception cref="ArgumentException">The text cannot be a note's, or there are too few or too many signatures.</exception>
    public Note(string text, IReadOnlyList<NoteSignature> signatures)
    {
        if (!IsText(text))
            throw new ArgumentException("A note's text ends with a line feed and has no other control characters.", nameof(text));
        if (signatures.Count is 0 or > MaxSignatures)
            throw new ArgumentException($"A note has 1 to {MaxSignatures} signatures.", nameof(signatures));
        // Half a surrogate pair has no bytes to sign; the encoder says so.
        _ = Strict.GetByteCount(text);
        Text = text;
        Signatures = signatures;
    }

    /// <summary>What is signed, with the line feed at its end.</summary>
    public string Text { get; }

    /// <summary>The signature lines in their order; not yet checked, see <see cref="Verify"/>.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>
    /// Reads a note strictly. Refused: more than <see cref="MaxLength"/> bytes, invalid UTF-8, control characters other than the
    /// line feed, no empty line before the signatures, a line after it that is not a signature, more than
    /// <see cref="MaxSignatures"/>, a missing line feed at the end.
    /// </summary>
    /// <param name="utf8">The whole note.</param>
    /// <param name="note">The note; its signatures are not yet checked.</param>
    /// <param name="problem">Why it was refused, or null.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8,
        [NotNullWhen(true)] out Note? note,
        [NotNullWhen(false)] out string? problem
    )
    {
        note = null;
        problem = Read(utf8, ref note);
        return problem is null;
    }

    /// <summary>The note as it is stored and sent, UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    /// <summary>The text, an empty line and the signature lines.</summary>
    public override string ToString() => $"{Text}\n{string.Concat(Signatures.Select(signature => $"{signature}\n"))}";

    /// <summary>
    /// Checks every signature whose name and key id are those of a given key. Signatures of other keys say nothing; one bad
    /// signature of a known key is a bad note.
    /// </summary>
    public NoteVerdict Verify(params IReadOnlyList<INoteVerifier> known) => NoteCheck.Run(this, known);

    /// <summary>True for what may stand above the signatures.</summary>
    internal static bool IsText(string text) =>
        text.EndsWith('\n')
        && !text.AsSpan().ContainsAnyInRange('\0', '\u0009')
        && !text.AsSpan().ContainsAnyInRange('\u000b', '\u001f');

    private static string? Read(ReadOnlySpan<byte> utf8, ref Note? note)
    {
        if (utf8.Length > MaxLength)
            return $"a note has at most {MaxLength} bytes, this one has {utf8.Length}";
        string all;
        try
        {
            all = Strict.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            return "the note is not UTF-8";
        }
        var split = all.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || split + 2 == all.Length)
            return "the note has no signatures after an empty line";
        if (!all.EndsWith('\n'))
            return "the note does not end with a line feed";
        var text = all[..(split + 1)];
        if (!IsText(text))
            return "the note's text has control characters";

        var lines = all[(split + 2)..^1].Split('\n', MaxSignatures + 1);
        if (lines.Length > MaxSignatures)
            return $"the note has more than {MaxSignatures} signatures";
        var signatures = Array.ConvertAll(lines, NoteSignature.Read);
        var bad = Array.IndexOf(signatures, null);
        if (bad >= 0)
            return $"line {bad + 1} after the text is not a signature";
        note = new Note(text, signatures!);
        return null;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Halyard.Ledger;

/// <summary>
/// A proof as the text of C2SP's <c>tlog-proof</c>, which tools of others read: the entry in <c>extra</c>, its index, the inclusion
/// proof and the signed checkpoint of its tree.
/// </summary>
public static class TlogProof
{
    /// <summary>What such a text begins with.</summary>
    public const string FirstLine = "c2sp.org/tlog-proof@v1";

    private const string Extra = "extra ";
    private const string Index = "index ";

    // A tree has fewer than 2^63 leaves.
    private const int MaxHashes = 63;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether bytes look like such a text rather than like JSON.</summary>
    public static bool IsOne(ReadOnlySpan<byte> bytes) => bytes.StartsWith("c2sp.org/"u8);

    /// <summary>The text of a proof; <see langword="null"/> where it has no signed checkpoint of its own tree.</summary>
    public static string? Write(ProofFile proof)
    {
        if (
            proof.Checkpoint is not { } note
            || !Note.TryParse(Encoding.UTF8.GetBytes(note), out var signed, out _)
            || !Checkpoint.TryParse(signed.Text, out var checkpoint, out _)
            || checkpoint.Size != proof.Size
            || checkpoint.Root != proof.Root
        )
            return null;
        var text = new StringBuilder();
        text.Append(FirstLine).Append('\n').Append(Extra).Append(Convert.ToBase64String(proof.Leaf)).Append('\n');
        text.Append(Index).Append(proof.Index.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var hash in proof.Hashes)
            text.Append(hash.ToBase64()).Append('\n');
        return text.Append('\n').Append(note).ToString();
    }

    /// <summary>Reads a text strictly; what it says is not yet checked, see <see cref="ProofFile.Verify"/>.</summary>
    /// <param name="utf8">The whole file.</param>
    /// <param name="file">The proof, its log, size and root those of the checkpoint.</param>
    /// <param name="problem">Why it was refused, in words, or null.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8,
        [NotNullWhen(true)] out ProofFile? file,
        [NotNullWhen(false)] out string? problem
    )
    {
        file = null;
        try
        {
            file = Read(utf8);
            problem = null;
            return true;
        }
        catch (FormatException refused)
        {
            problem = refused.Message;
            return false;
        }
        catch (DecoderFallbackException)
        {
            problem = "it is not UTF-8";
            return false;
        }
    }

    private static ProofFile Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > ProofFile.MaxLength)
            throw new FormatException($"a proof has at most {ProofFile.MaxLength} bytes, this one has {utf8.Length}");
        var text = Strict.GetString(utf8);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
            throw new FormatException("there is no empty line before the checkpoint");
        var lines = text[..end].Split('\n');
        if (lines[0] != FirstLine)
            throw new FormatException($"the first line is not '{FirstLine}'");
        if (lines.Length < 2 || !lines[1].StartsWith(Extra, StringComparison.Ordinal))
            throw new FormatException("the entry is not there: the second line must be 'extra' with its bytes");
        if (!StrictBase64.TryRead(lines[1][Extra.Length..], out var leaf))
            throw new FormatException("line 2: the extra data is not base64");
        if (lines.Length < 3 || !lines[2].StartsWith(Index, StringComparison.Ordinal))
            throw new FormatException("line 3: must be 'index' with a number");
        var number = lines[2][Index.Length..];
        if (
            !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || index.ToString(CultureInfo.InvariantCulture) != number
        )
            throw new FormatException("line 3: the index is not a whole number without leading zeros");
        if (lines.Length - 3 > MaxHashes)
            throw new FormatException($"an inclusion proof has at most {MaxHashes} hashes");
        var hashes = lines.Skip(3).Select((line, at) => Hash(line, at + 4)).ToList();
        return Read(text[(end + 2)..], index, leaf, hashes);
    }

    private static ProofFile Read(string note, long index, byte[] leaf, IReadOnlyList<Digest> hashes)
    {
        if (!Note.TryParse(Encoding.UTF8.GetBytes(note), out var signed, out var problem))
            throw new FormatException($"the checkpoint is not a signed note: {problem}");
        if (!Checkpoint.TryParse(signed.Text, out var checkpoint, out problem))
            throw new FormatException($"the checkpoint cannot be read: {problem}");
        return new ProofFile(checkpoint.Origin, index, checkpoint.Size, checkpoint.Root, leaf, hashes, null)
        {
            Checkpoint = note,
        };
    }

    private static Digest Hash(string line, int number) =>
        StrictBase64.TryRead(line, out var bytes) && bytes.Length == Digest.Length
            ? Digest.FromBytes(bytes)
            : throw new FormatException($"line {number}: is not the base64 of a hash");
}

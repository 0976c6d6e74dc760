using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Halyard.Ledger;

/// <summary>What a log commits to by a signature: its name, size and root (C2SP <c>tlog-checkpoint</c>); the text of a <see cref="Note"/>.</summary>
/// <param name="Origin">The log's name.</param>
/// <param name="Size">The number of its entries.</param>
/// <param name="Root">The root of the tree over them.</param>
/// <param name="Extensions">Further lines, mostly none; not empty, without line feeds.</param>
public sealed record Checkpoint(string Origin, long Size, Digest Root, IReadOnlyList<string> Extensions)
{
    /// <summary>The largest size, 2^53 − 1: integers beyond it are not exact in JSON.</summary>
    public const long MaxSize = (1L << 53) - 1;

    /// <summary>A checkpoint without further lines.</summary>
    public Checkpoint(string origin, long size, Digest root)
        : this(origin, size, root, []) { }

    /// <summary>
    /// Reads a note's text strictly: a name, a decimal size without leading zeros, the base64 of 32 bytes, lines that are not
    /// empty, each with its line feed.
    /// </summary>
    /// <param name="text">The text of a note, with the line feed at its end.</param>
    /// <param name="checkpoint">The checkpoint; as good as the note's signatures.</param>
    /// <param name="problem">Why it was refused, or null.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out Checkpoint? checkpoint,
        [NotNullWhen(false)] out string? problem
    )
    {
        checkpoint = null;
        problem = Read(text, ref checkpoint);
        return problem is null;
    }

    /// <summary>The text to sign.</summary>
    /// <exception cref="InvalidOperationException">A part has no place in a checkpoint, such as an empty name.</exception>
    public string ToText()
    {
        string[] lines = [Origin, Size.ToString(CultureInfo.InvariantCulture), Root.ToBase64(), .. Extensions];
        var text = $"{string.Join('\n', lines)}\n";
        return TryParse(text, out var same, out var problem) && same.Extensions.Count == Extensions.Count && same.Size == Size
            ? text
            : throw new InvalidOperationException($"This cannot be a checkpoint: {problem ?? "a part has a line feed"}.");
    }

    private static string? Read(string text, ref Checkpoint? checkpoint)
    {
        if (!Note.IsText(text))
            return "the text does not end with a line feed or has control characters";
        var lines = text[..^1].Split('\n');
        if (lines.Length < 3)
            return "a checkpoint has a name, a size and a root";
        if (!NoteName.IsValid(lines[0]))
            return "the log's name is empty or has white space or a plus sign";
        if (
            !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || size > MaxSize
            || size.ToString(CultureInfo.InvariantCulture) != lines[1]
        )
            return $"the size is not a whole number from 0 to {MaxSize}";
        if (!StrictBase64.TryRead(lines[2], out var root) || root.Length != Digest.Length)
            return "the root is not the base64 of 32 bytes";
        if (lines.AsSpan(3).Contains(string.Empty))
            return "a further line is empty";
        checkpoint = new Checkpoint(lines[0], size, Digest.FromBytes(root), lines[3..]);
        return null;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Halyard.Ledger;

/// <summary>A key and the checkpoints that it may sign.</summary>
/// <param name="Verifier">The key.</param>
/// <param name="From">The smallest size.</param>
/// <param name="To">The largest size; null while the key is in use.</param>
public sealed record LogKey(INoteVerifier Verifier, long From, long? To)
{
    /// <summary>True where the key may sign a checkpoint of this size.</summary>
    public bool Covers(long size) => size >= From && (To is null || size <= To);
}

/// <summary>The keys of a log, each with the sizes for which it counts: that is how keys are replaced.</summary>
public sealed class LogKeys(IReadOnlyList<LogKey> keys)
{
    /// <summary>The longest key file that is read, 64 KiB.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>The keys in the order of the file.</summary>
    public IReadOnlyList<LogKey> All { get; } = keys;

    /// <summary>
    /// Reads lines of <c>vkey [from-size [to-size]]</c>; both sizes belong to the range. Empty lines and those that begin with
    /// <c>#</c> say nothing.
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="keys">At least one key.</param>
    /// <param name="problem">Why it was refused, with the line, or null.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out LogKeys? keys, [NotNullWhen(false)] out string? problem)
    {
        keys = null;
        if (text.Length > MaxLength)
        {
            problem = $"a key file has at most {MaxLength} characters";
            return false;
        }
        var found = new List<LogKey>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (Read(line, out var key) is { } words)
            {
                problem = $"line {number}: {words}";
                return false;
            }
            found.Add(key!);
        }
        problem = found.Count == 0 ? "there is no key" : null;
        keys = found.Count == 0 ? null : new LogKeys(found);
        return keys is not null;
    }

    /// <summary>What the signatures of a checkpoint of this size are worth.</summary>
    internal NoteVerdict Verify(Note note, long size) =>
        note.Verify([.. All.Where(key => key.Covers(size)).Select(key => key.Verifier)]);

    /// <summary>True where a key signed the note, whether it may or not.</summary>
    internal bool SignedByAny(Note note) => All.Any(key => note.Verify(key.Verifier) is NoteVerdict.Verified);

    private static string? Read(string line, out LogKey? key)
    {
        key = null;
        var parts = line.Split(' ');
        if (parts.Length > 3)
            return "a line has a key, a size from and a size to";
        if (!NoteKey.TryParse(parts[0], out var vkey, out var problem))
            return problem;
        if (vkey.CreateVerifier() is not { } verifier)
            return "Ed25519 keys cannot be checked";
        if (!TrySize(parts, 1, 0, out var from) || !TrySize(parts, 2, null, out var to) || to < from)
            return "the sizes are not whole numbers in order";
        key = new LogKey(verifier, from!.Value, to);
        return null;
    }

    private static bool TrySize(string[] parts, int at, long? absent, out long? size)
    {
        size = absent;
        if (parts.Length <= at)
            return true;
        var read = long.TryParse(parts[at], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        size = number;
        return read && number <= Checkpoint.MaxSize;
    }
}

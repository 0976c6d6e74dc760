using System.Globalization;
using System.Text;
using Halyard.Ledger;

namespace Halyard.Server.Publishing;

/// <summary>
/// The keys of a published log with the sizes for which each counts: lines of <c>vkey from [to]</c>, both sizes included. It follows
/// from the checkpoints that were published, so every integrator writes the same.
/// </summary>
internal static class KeyFile
{
    /// <summary>Its name in a log's folder.</summary>
    public const string Name = "keys";

    private const int MaxLength = 65_536;

    /// <summary>The file after one more checkpoint.</summary>
    /// <param name="before">The file before; <see langword="null"/> for none.</param>
    /// <param name="published">The size of the checkpoint before.</param>
    /// <param name="size">The size of the new one.</param>
    /// <param name="signers">The keys that signed it.</param>
    /// <exception cref="LedgerAlarmException">The file before is not one.</exception>
    public static byte[] After(byte[]? before, long published, long size, IReadOnlyList<NoteKey> signers)
    {
        var names = signers.Select(key => key.ToString()).ToList();
        var lines = Read(before);
        for (var i = 0; i < lines.Count; i++)
        {
            // A key that no longer signs counted up to the last checkpoint.
            if (lines[i].To is null && !names.Contains(lines[i].Key, StringComparer.Ordinal))
                lines[i] = lines[i] with { To = published };
        }
        // The first key counts from the beginning: whatever it signed, it was the only one.
        var from = lines.Count == 0 ? 0 : size;
        foreach (var name in names.Where(name => !lines.Exists(line => line.Key == name && line.To is null)))
            lines.Add(new Line(name, from, null));
        return Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => $"{line}\n")));
    }

    private static List<Line> Read(byte[]? file)
    {
        var lines = new List<Line>();
        if (file?.Length > MaxLength)
            throw new LedgerAlarmException("the published key file is too long");
        foreach (var text in Encoding.UTF8.GetString(file ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = text.Split(' ');
            if (
                parts.Length is not (2 or 3)
                || !NoteKey.TryParse(parts[0], out _, out _)
                || !TrySize(parts[1], out var from)
                || !TrySize(parts.Length == 3 ? parts[2] : parts[1], out var to)
            )
                throw new LedgerAlarmException($"the published key file has a line that is none: '{text}'");
            lines.Add(new Line(parts[0], from, parts.Length == 3 ? to : null));
        }
        return lines;
    }

    private static bool TrySize(string text, out long size) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size);

    private sealed record Line(string Key, long From, long? To)
    {
        public override string ToString() => To is null ? $"{Key} {From}" : $"{Key} {From} {To}";
    }
}

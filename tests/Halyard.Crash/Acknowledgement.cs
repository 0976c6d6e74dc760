using System.Globalization;
using Halyard.Core.Changes;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Crash;

/// <summary>What the pipeline told a caller, as one line: from then on it must be true for ever.</summary>
/// <param name="Index">The entry's index.</param>
/// <param name="Root">The root of the tree that ends with it.</param>
/// <param name="IdempotencyKey">The caller's key, or empty.</param>
/// <param name="Revisions">The revisions made, each as <c>name@revision</c>.</param>
public sealed record Acknowledgement(long Index, Digest Root, string IdempotencyKey, IReadOnlyList<string> Revisions)
{
    private const char Separator = '\t';

    /// <summary>The acknowledgement of a change that took effect.</summary>
    public static Acknowledgement Of(Outcome.Applied applied, string? key) =>
        new(
            applied.Receipt.Index,
            applied.Receipt.Root,
            key ?? string.Empty,
            [.. applied.Revisions.Select(revision => $"{revision.Name}@{revision.Revision}")]
        );

    /// <summary>The acknowledgement of an attempt that was denied.</summary>
    public static Acknowledgement Of(Receipt receipt) => new(receipt.Index, receipt.Root, string.Empty, []);

    /// <summary>The line.</summary>
    public string ToLine() =>
        string.Join(
            Separator,
            Index.ToString(CultureInfo.InvariantCulture),
            Root.ToHex(),
            IdempotencyKey,
            string.Join(';', Revisions)
        );

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is none of ours.</exception>
    public static Acknowledgement Parse(string line)
    {
        var parts = line.Split(Separator);
        return parts.Length == 4
            ? new(
                long.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture),
                Digest.FromHex(parts[1]),
                parts[2],
                parts[3].Split(';', StringSplitOptions.RemoveEmptyEntries)
            )
            : throw new FormatException($"Not an acknowledgement: {line}");
    }
}

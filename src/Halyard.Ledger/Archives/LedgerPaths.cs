using System.Globalization;

namespace Halyard.Ledger;

/// <summary>Where the files of a log are, relative to it; tiles and bundles see <see cref="TilePath"/>.</summary>
public static class LedgerPaths
{
    /// <summary>The newest checkpoint, a signed note.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>The folder of every checkpoint that was published.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>The log's verifier keys, see <see cref="LogKeys"/>. For convenience: trust begins with keys from elsewhere.</summary>
    public const string Keys = "keys";

    /// <summary>The first entry that was not purged, decimal; absent for 0.</summary>
    public const string MinimumIndex = "minimum_index";

    /// <summary>Whose personal values were erased: JSON lines <c>{"sid","index"}</c>.</summary>
    public const string Erased = "erased";

    private const int SizeDigits = 20;

    /// <summary>A published checkpoint: its size in 20 digits, so that names sort by size.</summary>
    public static string CheckpointAt(long size) =>
        $"{Checkpoints}/{size.ToString(CultureInfo.InvariantCulture).PadLeft(SizeDigits, '0')}";

    /// <summary>Content that entries name by its digest.</summary>
    public static string Blob(Digest digest)
    {
        var hex = digest.ToHex();
        return $"blobs/{hex[..2]}/{hex}";
    }

    /// <summary>The size in the name of a published checkpoint; null for any other name.</summary>
    internal static long? SizeOf(string name) =>
        name.Length == SizeDigits
        && long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && size <= Halyard.Ledger.Checkpoint.MaxSize
            ? size
            : null;
}

namespace Halyard.Storage.Sqlite;

/// <summary>One number for tenant and index, so that the log is a single b-tree which only grows at the tenants' ends.</summary>
internal static class Position
{
    /// <summary>2^36 entries a tenant.</summary>
    private const int IndexBits = 36;

    /// <summary>2^8 resources an entry.</summary>
    private const int PlaceBits = 8;

    /// <summary>The most resources one entry can touch.</summary>
    public const int MaxPlaces = 1 << PlaceBits;

    /// <summary>The position of index 0.</summary>
    public static long First(long tenant) => tenant << IndexBits;

    /// <summary>Whether an entry can have this index at all.</summary>
    public static bool CanHold(long index) => index >>> IndexBits == 0;

    public static long Of(long tenant, long index) =>
        CanHold(index) ? First(tenant) + index : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The number of the tenant whose log a position is in.</summary>
    public static long Tenant(long position) => position >> IndexBits;

    public static long Index(long position) => position & ((1L << IndexBits) - 1);

    /// <summary>The id of the first version that the entry at this position makes.</summary>
    public static long FirstVersion(long position) => position << PlaceBits;

    /// <summary>The position of the entry that made a version.</summary>
    public static long OfVersion(long version) => version >> PlaceBits;
}

namespace Halyard.Evaluation;

/// <summary>CRC-32 as in Ethernet and ZIP (IEEE 802.3, reflected polynomial 0xEDB88320).</summary>
internal struct Crc32State : IHashState
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    private uint _rest = uint.MaxValue;

    public Crc32State() { }

    /// <summary>The checksum of what was appended.</summary>
    public readonly uint Hash => ~_rest;

    public void Append(ReadOnlySpan<byte> data)
    {
        var rest = _rest;
        foreach (var value in data)
            rest = Table[(byte)(rest ^ value)] ^ (rest >> 8);
        _rest = rest;
    }

    private static uint Entry(int value)
    {
        var entry = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ 0xedb88320;
        return entry;
    }
}

namespace Halyard.Evaluation;

/// <summary>FNV-1a of 32 bits (RFC 9923, section 2).</summary>
internal struct Fnv1aState : IHashState
{
    private const uint Prime = 16_777_619;

    public Fnv1aState() { }

    /// <summary>The hash of what was appended.</summary>
    public uint Hash { get; private set; } = 2_166_136_261;

    public void Append(ReadOnlySpan<byte> data)
    {
        var hash = Hash;
        foreach (var value in data)
            hash = (hash ^ value) * Prime;
        Hash = hash;
    }

    /// <summary>Hashes UTF-16 code units as they are, as JavaScript's implementations do.</summary>
    public void AppendUnits(ReadOnlySpan<char> text)
    {
        var hash = Hash;
        foreach (var unit in text)
            hash = (hash ^ unit) * Prime;
        Hash = hash;
    }
}

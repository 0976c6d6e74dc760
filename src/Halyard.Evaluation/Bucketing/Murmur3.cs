namespace Halyard.Evaluation;

/// <summary>
/// MurmurHash3, the x86 variant of 32 bits (<c>MurmurHash3_x86_32</c> of Austin Appleby's smhasher). Not a cryptographic hash.
/// </summary>
public static class Murmur3
{
    /// <summary>The hash of bytes.</summary>
    public static uint Hash32(ReadOnlySpan<byte> data, uint seed = 0)
    {
        var state = new Murmur3State(seed);
        state.Append(data);
        return state.Finish();
    }

    /// <summary>The hash of a text's UTF-8; half a surrogate pair counts as U+FFFD. Allocates nothing.</summary>
    public static uint Hash32(ReadOnlySpan<char> text, uint seed = 0)
    {
        var state = new Murmur3State(seed);
        state.AppendText(text);
        return state.Finish();
    }
}

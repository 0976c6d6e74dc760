namespace Halyard.Evaluation;

/// <summary>
/// Gives attribute names one instance each, so that a context's name and a condition's are mostly the same object and need no
/// comparison, and so that reading a context seldom makes new ones. A cache of fixed size: what does not fit or collides is
/// just not shared. Safe from any thread: a slot holds a whole string or none, and whoever asks compares it.
/// </summary>
internal static class NamePool
{
    private const int Slots = 1024;
    private const int MaxLength = 64;

    private static readonly string?[] Names = new string?[Slots];

    /// <summary>The shared instance of a name whose hash is <see cref="AttributeObject.Hash(ReadOnlySpan{char})"/>.</summary>
    public static string Share(string name, int hash)
    {
        ref var slot = ref Names[hash & (Slots - 1)];
        var known = Volatile.Read(ref slot);
        if (known == name)
            return known;
        if (name.Length <= MaxLength)
            Volatile.Write(ref slot, name);
        return name;
    }

    /// <summary>The name as a string; a new one only where it is not known.</summary>
    public static string Share(ReadOnlySpan<char> name)
    {
        var hash = AttributeObject.Hash(name);
        var known = Volatile.Read(ref Names[hash & (Slots - 1)]);
        return known is not null && name.SequenceEqual(known) ? known : Share(name.ToString(), hash);
    }
}

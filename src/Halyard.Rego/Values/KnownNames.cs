using System.Text;

namespace Halyard.Rego;

/// <summary>
/// Names of members that were read lately: documents of one form repeat them, and one that is known need neither be made nor hashed
/// again. As many as there are places, and none of them long.
/// </summary>
internal static class KnownNames
{
    private const int Places = 256;
    private const int MaxLength = 32;

    // Whoever reads a place sees a whole name or none; which of two that fall on one place stays there does not matter.
    private static readonly RegoString?[] Kept = new RegoString?[Places];

    /// <summary>The name that these bytes of UTF-8 are, if it is known.</summary>
    public static RegoString? Find(ReadOnlySpan<byte> name) =>
        PlaceOf(name) is var place and >= 0 && Volatile.Read(ref Kept[place]) is { } known && Ascii.Equals(name, known.Value)
            ? known
            : null;

    /// <summary>Keeps a name in the place of another.</summary>
    public static void Keep(ReadOnlySpan<byte> name, RegoString text)
    {
        if (PlaceOf(name) is var place and >= 0 && Ascii.IsValid(name))
            Volatile.Write(ref Kept[place], text);
    }

    private static int PlaceOf(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > MaxLength)
            return -1;
        var middle = name[name.Length / 2];
        return (name[0] * 31 + middle * 7 + name[^1] * 131 + name.Length * 17) % Places;
    }
}

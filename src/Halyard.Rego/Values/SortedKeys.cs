namespace Halyard.Rego;

/// <summary>Finding among few keys: comparing each beats hashing into a table.</summary>
internal static class SortedKeys
{
    public const int ScanLimit = 16;

    public static int Scan(RegoValue[] keys, RegoValue wanted)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (ReferenceEquals(keys[i], wanted) || keys[i].Equals(wanted))
                return i;
        }
        return -1;
    }
}

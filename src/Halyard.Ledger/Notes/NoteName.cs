namespace Halyard.Ledger;

/// <summary>The name of a key in a signed note.</summary>
internal static class NoteName
{
    // Longer than any origin; a bound for what comes from outside.
    private const int MaxLength = 1024;

    /// <summary>Not empty, no white space, no plus sign, no control character.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxLength)
            return false;
        foreach (var letter in name)
        {
            if (letter == '+' || char.IsWhiteSpace(letter) || char.IsControl(letter))
                return false;
        }
        return true;
    }
}

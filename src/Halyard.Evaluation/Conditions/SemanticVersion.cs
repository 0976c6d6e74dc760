namespace Halyard.Evaluation;

/// <summary>
/// A version as Semantic Versioning 2.0.0 orders them, read without allocating and without a limit to its numbers. As in flagd
/// a leading <c>v</c> or <c>V</c> is allowed, and minor and patch may be left out (<c>v1.2</c> is <c>1.2.0</c>).
/// </summary>
internal readonly ref struct SemanticVersion
{
    private SemanticVersion(
        ReadOnlySpan<char> major,
        ReadOnlySpan<char> minor,
        ReadOnlySpan<char> patch,
        ReadOnlySpan<char> prerelease
    )
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        Prerelease = prerelease;
    }

    public ReadOnlySpan<char> Major { get; }
    public ReadOnlySpan<char> Minor { get; }
    public ReadOnlySpan<char> Patch { get; }
    public ReadOnlySpan<char> Prerelease { get; }

    public static bool TryParse(ReadOnlySpan<char> text, out SemanticVersion version)
    {
        version = default;
        if (!text.IsEmpty && text[0] is 'v' or 'V')
            text = text[1..];

        ReadOnlySpan<char> minor = "0";
        ReadOnlySpan<char> patch = "0";
        ReadOnlySpan<char> prerelease = default;
        if (!TakeNumber(ref text, out var major))
            return false;
        var full = Take(ref text, '.');
        if (full && !TakeNumber(ref text, out minor))
            return false;
        full = full && Take(ref text, '.');
        if (full && !TakeNumber(ref text, out patch))
            return false;
        if (full && Take(ref text, '-') && !TakeIdentifiers(ref text, numbersAreCanonical: true, out prerelease))
            return false;
        if (full && Take(ref text, '+') && !TakeIdentifiers(ref text, numbersAreCanonical: false, out _))
            return false;
        version = new SemanticVersion(major, minor, patch, prerelease);
        return text.IsEmpty;
    }

    /// <summary>Precedence, Semantic Versioning section 11: build metadata does not count.</summary>
    public int ComparePrecedence(SemanticVersion other)
    {
        var sign = CompareNumbers(Major, other.Major);
        if (sign == 0)
            sign = CompareNumbers(Minor, other.Minor);
        if (sign == 0)
            sign = CompareNumbers(Patch, other.Patch);
        return sign == 0 ? ComparePrereleases(Prerelease, other.Prerelease) : sign;
    }

    /// <summary><c>~</c>: at least <paramref name="floor"/>, same major and minor.</summary>
    public bool IsPatchOf(SemanticVersion floor) =>
        Major.SequenceEqual(floor.Major) && Minor.SequenceEqual(floor.Minor) && ComparePrecedence(floor) >= 0;

    /// <summary><c>^</c>: at least <paramref name="floor"/>, same up to its leftmost part that is not zero.</summary>
    public bool IsCompatibleWith(SemanticVersion floor)
    {
        if (!Major.SequenceEqual(floor.Major))
            return false;
        if (floor.Major is "0" && !Minor.SequenceEqual(floor.Minor))
            return false;
        if (floor.Major is "0" && floor.Minor is "0" && !Patch.SequenceEqual(floor.Patch))
            return false;
        return ComparePrecedence(floor) >= 0;
    }

    // Numbers have no leading zeros, so that the longer is the larger, whatever their size.
    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);

    private static int ComparePrereleases(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.IsEmpty || right.IsEmpty)
            return left.IsEmpty.CompareTo(right.IsEmpty);
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var a = NextIdentifier(ref left);
            var b = NextIdentifier(ref right);
            var (aIsNumber, bIsNumber) = (IsNumber(a), IsNumber(b));
            var sign =
                aIsNumber != bIsNumber ? bIsNumber.CompareTo(aIsNumber)
                : aIsNumber ? CompareNumbers(a, b)
                : a.SequenceCompareTo(b);
            if (sign != 0)
                return sign;
        }
        return right.IsEmpty.CompareTo(left.IsEmpty);
    }

    private static bool IsNumber(ReadOnlySpan<char> identifier) => LeadingDigits(identifier) == identifier.Length;

    // Written out: the generic span searches box their bounds until the runtime has optimised them.
    private static int LeadingDigits(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count]))
            count++;
        return count;
    }

    private static ReadOnlySpan<char> NextIdentifier(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf('.');
        var identifier = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return identifier;
    }

    private static bool Take(scoped ref ReadOnlySpan<char> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected)
            return false;
        text = text[1..];
        return true;
    }

    private static bool TakeNumber(scoped ref ReadOnlySpan<char> text, out ReadOnlySpan<char> number)
    {
        number = text[..LeadingDigits(text)];
        text = text[number.Length..];
        return number.Length == 1 || (number.Length > 1 && number[0] != '0');
    }

    private static bool TakeIdentifiers(
        scoped ref ReadOnlySpan<char> text,
        bool numbersAreCanonical,
        out ReadOnlySpan<char> identifiers
    )
    {
        var end = numbersAreCanonical ? text.IndexOf('+') : -1;
        identifiers = end < 0 ? text : text[..end];
        text = text[identifiers.Length..];
        if (identifiers.IsEmpty || identifiers[^1] == '.')
            return false;
        for (var rest = identifiers; !rest.IsEmpty; )
        {
            var identifier = NextIdentifier(ref rest);
            if (identifier.IsEmpty)
                return false;
            foreach (var character in identifier)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character != '-')
                    return false;
            }
            if (numbersAreCanonical && IsNumber(identifier) && identifier.Length > 1 && identifier[0] == '0')
                return false;
        }
        return true;
    }
}

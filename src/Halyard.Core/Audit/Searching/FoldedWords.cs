using System.Globalization;
using System.Text;

namespace Halyard.Core.Audit.Searching;

/// <summary>
/// Splits texts into the words that free text is compared by: runs of letters and digits, folded by <see cref="LetterFolding"/>.
/// Each Chinese or Japanese character is a word, for nothing stands between theirs. What stores have indexed depends on this: it is
/// changed only together with a migration that indexes anew.
/// </summary>
internal static class FoldedWords
{
    /// <summary>Longer words are cut, in texts as in queries.</summary>
    public const int MaxLength = 64;

    /// <summary>Appends the words of a text, a space between two.</summary>
    public static void Append(ReadOnlySpan<char> text, StringBuilder to)
    {
        var (start, wordStart) = (to.Length, -1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsMark(rune))
                continue;
            if (!IsPart(rune))
            {
                wordStart = -1;
                continue;
            }
            var stands = StandsAlone(rune);
            if (wordStart < 0 || stands)
            {
                if (to.Length > start)
                    to.Append(' ');
                wordStart = to.Length;
            }
            var folded = LetterFolding.Fold(rune);
            if (to.Length - wordStart + folded.Utf16SequenceLength <= MaxLength)
                Append(folded, to);
            if (stands)
                wordStart = -1;
        }
    }

    private static void Append(Rune rune, StringBuilder to)
    {
        Span<char> units = stackalloc char[2];
        to.Append(units[..rune.EncodeToUtf16(units)]);
    }

    /// <summary>Whether it is a diacritic of its own, written behind the letter it belongs to.</summary>
    private static bool IsMark(Rune rune) => rune.Value is >= 0x300 and <= 0x36F;

    private static bool IsPart(Rune rune) =>
        rune.IsAscii
            ? Rune.IsLetterOrDigit(rune)
            : Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.UppercaseLetter
                    or UnicodeCategory.LowercaseLetter
                    or UnicodeCategory.TitlecaseLetter
                    or UnicodeCategory.ModifierLetter
                    or UnicodeCategory.OtherLetter
                    or UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark
                    or UnicodeCategory.DecimalDigitNumber
                    or UnicodeCategory.LetterNumber
                    or UnicodeCategory.OtherNumber;

    private static bool StandsAlone(Rune rune) =>
        rune.Value
            is (>= 0x3040 and <= 0x30FF)
                or (>= 0x3400 and <= 0x9FFF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x20000 and <= 0x3FFFF);
}

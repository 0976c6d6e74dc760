using System.Buffers;
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

    private static readonly SearchValues<char> Simple = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>Appends the words of a text, a space between two.</summary>
    public static void Append(ReadOnlySpan<char> text, StringBuilder to)
    {
        var (start, wordStart) = (to.Length, -1);
        Span<char> lower = stackalloc char[MaxLength];
        while (text.Length > 0)
        {
            // Nearly all there is: letters and digits of ASCII, many at once.
            var run = text.IndexOfAnyExcept(Simple);
            if (run != 0)
            {
                run = run < 0 ? text.Length : run;
                if (wordStart < 0)
                    wordStart = Begin(start, to);
                var room = Math.Min(run, MaxLength - (to.Length - wordStart));
                _ = Ascii.ToLower(text[..room], lower, out _);
                to.Append(lower[..room]);
                text = text[run..];
                continue;
            }
            _ = Rune.DecodeFromUtf16(text, out var rune, out var length);
            text = text[length..];
            if (IsMark(rune))
                continue;
            if (!IsPart(rune))
            {
                wordStart = -1;
                continue;
            }
            var stands = StandsAlone(rune);
            if (wordStart < 0 || stands)
                wordStart = Begin(start, to);
            var folded = LetterFolding.Fold(rune);
            if (to.Length - wordStart + folded.Utf16SequenceLength <= MaxLength)
                Append(folded, to);
            if (stands)
                wordStart = -1;
        }
    }

    /// <summary>Begins a word; where it begins.</summary>
    private static int Begin(int start, StringBuilder to)
    {
        if (to.Length > start)
            to.Append(' ');
        return to.Length;
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

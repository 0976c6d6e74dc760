using Halyard.Core.Audit.Searching;

namespace Halyard.Core.Tests.Audit.Searching;

public sealed class TextQueryTests
{
    [Theory]
    [InlineData("checkout", "checkout*")]
    [InlineData("checkout ", "checkout*")]
    [InlineData("one two", "one,two*")]
    [InlineData("one* two", "one*,two*")]
    [InlineData("one * two", "one,two*")]
    [InlineData("\"one two\"", "one two")]
    [InlineData("\"one two\"*", "one two*")]
    [InlineData("\"one two", "one two")]
    [InlineData("one\"two three\"four", "one,two three,four*")]
    [InlineData("\"one\" -", "one")]
    [InlineData("one -", "one*")]
    [InlineData("FEAT-123 x", "feat 123,x*")]
    [InlineData("FEAT-1* x", "feat 1*,x*")]
    [InlineData("a AND b OR NOT c NEAR d", "a,and,b,or,not,c,near,d*")]
    [InlineData("one one \"one\" one", "one,one*")]
    [InlineData("{a b}:c", "a,b c*")]
    [InlineData("one\u00a0two\u3000three", "one,two,three*")]
    [InlineData("a\0b", "a b*")]
    [InlineData("機能を", "機 能 を*")]
    [InlineData("Ⅷ ½ ٣", "ⅷ,½,٣*")]
    [InlineData("e\u0301te\u0301", "ete*")]
    [InlineData("İstanbul ΣΊΣΥΦΟΣ Ёлка Ở Ǆ", "istanbul,σισυφοσ,елка,o,ǆ*")]
    [InlineData("\ud83d\ude00 \ud801\udc00", "\ud801\udc28*")]
    [InlineData("", "")]
    [InlineData("\" \" * - \u0301 \ud800", "")]
    public void Query_OfAnyForm_IsReadAsPhrases(string text, string phrases)
    {
        var read = TextQuery.Parse(text).Phrases.Select(phrase => phrase.Text + (phrase.IsPrefix ? "*" : ""));
        string.Join(',', read).ShouldBe(phrases);
    }

    [Fact]
    public void Words_AreCutAtTheirBound_WithoutSplittingACharacter()
    {
        Word(new string('a', FoldedWords.MaxLength + 1)).ShouldBe(new string('a', FoldedWords.MaxLength));
        var wide = Word(string.Concat(Enumerable.Repeat("\ud801\udc28", 100)));
        wide.Length.ShouldBe(FoldedWords.MaxLength);
        char.IsLowSurrogate(wide[^1]).ShouldBeTrue();
        Word("a" + string.Concat(Enumerable.Repeat("\ud801\udc28", 100))).Length.ShouldBe(FoldedWords.MaxLength - 1);
    }

    [Theory]
    [InlineData("Pr\u00e9F\u00e9r\u00e9", "prefere")]
    [InlineData("ABCd\u0301E", "abcde")]
    [InlineData("x2\u4e2dy", "x2 \u4e2d y")]
    [InlineData("a-B_c.9", "a b c 9")]
    public void Word_MadeOfRunsOfAsciiAndOthers_IsFoldedAsOne(string text, string words)
    {
        var folded = new System.Text.StringBuilder();
        FoldedWords.Append(text, folded);
        folded.ToString().ShouldBe(words);
    }

    [Fact]
    public void Phrase_NeverGoesAcrossTwoTexts()
    {
        var text = EntryText.Of(["one two", "", "-", "three four"], ["k-1", "k-1"], [null, "five"], "six");
        text.ShouldBe(new EntryText("one two\nthree four\nk 1\nfive", "six"));
        Matches(text, "\"one two\"").ShouldBeTrue();
        Matches(text, "\"two three\"").ShouldBeFalse();
        Matches(text, "\"five six\"").ShouldBeFalse();
        Matches(text, "six five four three two one").ShouldBeTrue();
        Matches(text, "\"wo three\"").ShouldBeFalse();
        Matches(text, "\"one tw\"").ShouldBeFalse();
        Matches(text, "\"one tw\"*").ShouldBeTrue();
    }

    private static string Word(string text) =>
        TextQuery.Parse(text[..Math.Min(text.Length, TextQuery.MaxLength)]).Phrases.Single().Text;

    private static bool Matches(EntryText text, string query) => TextQuery.Parse(query).Matches(text.Content, text.Reason);
}

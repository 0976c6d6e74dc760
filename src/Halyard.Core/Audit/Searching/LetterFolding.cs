using System.Text;

namespace Halyard.Core.Audit.Searching;

/// <summary>
/// Letters without case and, in Latin, Greek and Cyrillic, without diacritics, so that "Préféré" is found as "prefere". By a table
/// of its own: without a culture's data the platform decomposes nothing.
/// </summary>
internal static class LetterFolding
{
    // What each letter from the first on becomes, in the order of Unicode: its lower case, decomposed, without its marks.
    private const char FirstLatin = '\u00C0';
    private const string Latin =
        "aaaaaaæceeeeiiiiðnooooo×øuuuuyþßaaaaaaæceeeeiiiiðnooooo÷øuuuuyþyaaaaaaccccccccddđđeeeeeeeeeegggggggg"
        + "hhħħiiiiiiiiiıĳĳjjkkĸllllllŀŀłłnnnnnnŉŋŋooooooœœrrrrrrssssssssttttŧŧuuuuuuuuuuuuwwyyyzzzzzzſƀɓƃƃƅƅɔƈ"
        + "ƈɖɗƌƌƍǝəɛƒƒɠɣƕɩɨƙƙƚƛɯɲƞɵooƣƣƥƥʀƨƨʃƪƫƭƭʈuuʊʋƴƴƶƶʒƹƹƺƻƽƽƾƿǀǁǂǃǆǆǆǉǉǉǌǌǌaaiioouuuuuuuuuuǝaaaaææǥǥggkkoo"
        + "ooʒʒjǳǳǳggƕƿnnaaææøøaaaaeeeeiiiioooorrrruuuussttȝȝhhƞȡȣȣȥȥaaeeooooooooyyȴȵȶȷȸȹⱥȼȼƚⱦȿɀɂɂƀʉʌɇɇɉɉɋɋɍɍɏɏ";

    private const char FirstGreek = '\u0386';
    private const string Greek = "α·εηι΋ο΍υωιαβγδεζηθικλμνξοπρ΢στυφχψωιυαεηιυαβγδεζηθικλμνξοπρσστυφχψωιυουω";

    private const char FirstCyrillic = '\u0400';
    private const string Cyrillic =
        "ееђгєѕііјљњћкиуџабвгдежзииклмнопрстуфхцчшщъыьэюяабвгдежзииклмнопрстуфхцчшщъыьэюяееђгєѕііјљњћкиуџ";

    private const char FirstLatinAdditional = '\u1E00';
    private const string LatinAdditional =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssss"
        + "ssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyẚſẜẝßẟaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeee"
        + "iiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻỻỽỽỿỿ";

    /// <summary>The folded letter.</summary>
    public static Rune Fold(Rune letter)
    {
        if (!letter.IsBmp || letter.IsAscii)
            return Rune.ToLowerInvariant(letter);
        var one = (char)letter.Value;
        var folded =
            Find(one, FirstLatin, Latin)
            ?? Find(one, FirstGreek, Greek)
            ?? Find(one, FirstCyrillic, Cyrillic)
            ?? Find(one, FirstLatinAdditional, LatinAdditional)
            ?? char.ToLowerInvariant(one);
        return new Rune(folded);
    }

    private static char? Find(char letter, char first, string table) =>
        letter >= first && letter - first < table.Length ? table[letter - first] : null;
}

using System.Collections.Frozen;
using System.Text;

namespace Halyard.Rego;

/// <summary>A set of code points, as a class of a regular expression names it, that can be written for .NET's engine.</summary>
internal sealed class RuneSet
{
    private const int Highest = 0x10FFFF;

    // General categories, which .NET knows by the same names. Scripts ("Greek") it does not know.
    private static readonly FrozenSet<string> Categories = (
        "C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Posix = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["alnum"] = "09AZaz",
        ["alpha"] = "AZaz",
        ["ascii"] = "\0\u007F",
        ["blank"] = "\t\t  ",
        ["cntrl"] = "\0\u001F\u007F\u007F",
        ["digit"] = "09",
        ["graph"] = "!~",
        ["lower"] = "az",
        ["print"] = " ~",
        ["punct"] = "!/:@[`{~",
        ["space"] = "\t\r  ",
        ["upper"] = "AZ",
        ["word"] = "09AZaz__",
        ["xdigit"] = "09AFaf",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly List<(int Low, int High)> _ranges = [];
    private readonly StringBuilder _categories = new();

    /// <summary>Every code point.</summary>
    public static RuneSet All => From(0, Highest);

    /// <summary>Every code point but the line feed.</summary>
    public static RuneSet NotNewline
    {
        get
        {
            var set = From('\n', '\n');
            set.Negated = true;
            return set;
        }
    }

    /// <summary>Whether the set is everything but what was added.</summary>
    public bool Negated { get; set; }

    /// <summary>The class of "\d", "\w", "\s" or its negation, which in Go are ASCII's alone; null for another letter.</summary>
    public static RuneSet? Perl(char letter)
    {
        var pairs = char.ToLowerInvariant(letter) switch
        {
            'd' => "09",
            'w' => "09AZaz__",
            's' => "\t\n\f\r  ",
            _ => null,
        };
        if (pairs is null)
            return null;
        var set = new RuneSet { Negated = char.IsUpper(letter) };
        set.AddPairs(pairs, negated: false);
        return set;
    }

    /// <summary>The class of a general category of Unicode, or null if there is none of that name.</summary>
    public static RuneSet? Category(string name, bool negated)
    {
        if (name == "Any")
            return negated ? new RuneSet() : All;
        if (!Categories.Contains(name))
            return null;
        var set = new RuneSet();
        set._categories.Append($@"\{(negated ? 'P' : 'p')}{{{name}}}");
        return set;
    }

    public void Add(int low, int high) => _ranges.Add((low, high));

    /// <summary>Adds "alpha" or "^alpha"; false if there is no such class.</summary>
    public bool AddPosix(string name)
    {
        var negated = name.StartsWith('^');
        if (!Posix.TryGetValue(negated ? name[1..] : name, out var pairs))
            return false;
        AddPairs(pairs, negated);
        return true;
    }

    public void Add(RuneSet other)
    {
        _ranges.AddRange(other.Negated ? Complement(other._ranges) : other._ranges);
        _categories.Append(other._categories);
    }

    /// <summary>Writes the set: one class of UTF-16 units, and where text may hold pairs the pairs beside it.</summary>
    public void AppendTo(StringBuilder text, bool astral)
    {
        var ranges = astral && Negated ? Complement(_ranges) : Normal(_ranges);
        var open = astral && Negated ? AppendPairs(text, ranges) : astral && AppendPairs(text, ranges);
        if (open)
            text.Append('|');
        AppendUnits(text, astral);
    }

    public static void AppendRune(StringBuilder text, int rune)
    {
        if (rune > char.MaxValue)
        {
            foreach (var unit in char.ConvertFromUtf32(rune))
                AppendUnit(text, unit);
        }
        else if (rune < 128 && char.IsAsciiLetterOrDigit((char)rune))
            text.Append((char)rune);
        else
            AppendUnit(text, rune);
    }

    private static RuneSet From(int low, int high)
    {
        var set = new RuneSet();
        set.Add(low, high);
        return set;
    }

    private void AddPairs(string pairs, bool negated)
    {
        var ranges = new List<(int, int)>();
        for (var i = 0; i < pairs.Length; i += 2)
            ranges.Add((pairs[i], pairs[i + 1]));
        _ranges.AddRange(negated ? Complement(ranges) : ranges);
    }

    private void AppendUnits(StringBuilder text, bool astral)
    {
        var units = Normal(_ranges).Where(range => range.Low <= char.MaxValue).ToList();
        var empty = units.Count == 0 && _categories.Length == 0;
        if (empty && !(astral && Negated))
        {
            text.Append(Negated ? @"[\s\S]" : @"[^\s\S]");
            return;
        }

        text.Append(Negated ? "[^" : "[");
        foreach (var (low, high) in units)
        {
            AppendUnit(text, low);
            text.Append('-');
            AppendUnit(text, Math.Min(high, char.MaxValue));
        }

        text.Append(_categories);
        if (astral && Negated)
            text.Append(@"\uD800-\uDFFF");
        text.Append(']');
    }

    private static bool AppendPairs(StringBuilder text, List<(int Low, int High)> ranges)
    {
        var any = false;
        foreach (var (low, high) in ranges.Where(range => range.High > char.MaxValue))
        {
            var first = char.ConvertFromUtf32(Math.Max(low, char.MaxValue + 1));
            var last = char.ConvertFromUtf32(high);
            if (first[0] == last[0])
            {
                AppendPair(text, ref any, first[0], first[0], first[1], last[1]);
                continue;
            }

            AppendPair(text, ref any, first[0], first[0], first[1], 0xDFFF);
            if (last[0] - first[0] > 1)
                AppendPair(text, ref any, first[0] + 1, last[0] - 1, 0xDC00, 0xDFFF);
            AppendPair(text, ref any, last[0], last[0], 0xDC00, last[1]);
        }

        return any;
    }

    private static void AppendPair(StringBuilder text, ref bool any, int high, int highEnd, int low, int lowEnd)
    {
        text.Append(any ? "|[" : "[");
        any = true;
        AppendUnit(text, high);
        text.Append('-');
        AppendUnit(text, highEnd);
        text.Append("][");
        AppendUnit(text, low);
        text.Append('-');
        AppendUnit(text, lowEnd);
        text.Append(']');
    }

    private static void AppendUnit(StringBuilder text, int unit) => text.Append($@"\u{unit:X4}");

    private static List<(int Low, int High)> Normal(IEnumerable<(int Low, int High)> ranges)
    {
        var merged = new List<(int Low, int High)>();
        foreach (var range in ranges.OrderBy(range => range.Low))
        {
            if (merged.Count > 0 && range.Low <= merged[^1].High + 1)
                merged[^1] = (merged[^1].Low, Math.Max(merged[^1].High, range.High));
            else
                merged.Add(range);
        }

        return merged;
    }

    private static List<(int Low, int High)> Complement(IEnumerable<(int Low, int High)> ranges)
    {
        var rest = new List<(int, int)>();
        var next = 0;
        foreach (var (low, high) in Normal(ranges))
        {
            if (low > next)
                rest.Add((next, low - 1));
            next = high + 1;
        }

        if (next <= Highest)
            rest.Add((next, Highest));
        return rest;
    }
}

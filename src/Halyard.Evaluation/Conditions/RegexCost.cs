using System.Buffers;
using System.Globalization;

namespace Halyard.Evaluation;

/// <summary>
/// How large an automaton a regular expression asks for. Matching is linear, but <c>((a{999}){999}){999}</c> is 19 characters
/// and a billion states: counted repetition is multiplied out, so its product is bounded before anything is built.
/// </summary>
internal static class RegexCost
{
    /// <summary>The largest automaton accepted, in states.</summary>
    public const int Max = 10_000;

    private static readonly SearchValues<char> OptionLetters = SearchValues.Create("imnsx-");

    /// <summary>
    /// An upper bound of the states, cut off above <see cref="Max"/>. The option <c>x</c> counts as too large: its comments
    /// could part a repetition from what it repeats.
    /// </summary>
    public static long Estimate(string pattern)
    {
        var groups = new Stack<long>();
        var (sum, last) = (0L, 0L);
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    last = 1;
                    sum++;
                    break;
                case '[':
                    i = EndOfClass(pattern, i);
                    last = 1;
                    sum++;
                    break;
                case '(' when string.CompareOrdinal(pattern, i, "(?#", 0, 3) == 0:
                    i = pattern.IndexOf(')', i) is var end and >= 0 ? end : pattern.Length;
                    break;
                case '(' when SetsFreeSpacing(pattern, i):
                    return long.MaxValue;
                case '(':
                    groups.Push(sum);
                    (sum, last) = (0, 0);
                    break;
                case ')':
                    last = sum;
                    sum += groups.TryPop(out var outer) ? outer : 0;
                    break;
                case '{' when TryCount(pattern, ref i, out var count):
                    sum += last * Math.Max(count - 1, 0);
                    last *= Math.Max(count, 1);
                    break;
                default:
                    last = 1;
                    sum++;
                    break;
            }
            if (sum > Max)
                return sum;
        }
        return groups.Aggregate(sum, static (total, open) => total + open);
    }

    private static bool SetsFreeSpacing(string pattern, int open)
    {
        if (open + 1 >= pattern.Length || pattern[open + 1] != '?')
            return false;
        var options = pattern.AsSpan(open + 2);
        var end = options.IndexOfAnyExcept(OptionLetters);
        return end >= 0 && options[end] is (':' or ')') && options[..end].Contains('x');
    }

    // A ']' in first place is a member of the class; subtractions nest classes.
    private static int EndOfClass(string pattern, int start)
    {
        var depth = 1;
        var i = start + 1;
        if (i < pattern.Length && pattern[i] == '^')
            i++;
        if (i < pattern.Length && pattern[i] == ']')
            i++;
        for (; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
                i++;
            else if (pattern[i] == '[' && pattern[i - 1] == '-')
                depth++;
            else if (pattern[i] == ']' && --depth == 0)
                return i;
        }
        return pattern.Length;
    }

    private static bool TryCount(string pattern, ref int index, out long count)
    {
        count = 0;
        var end = pattern.IndexOf('}', index);
        if (end < 0)
            return false;
        var body = pattern.AsSpan(index + 1, end - index - 1);
        var comma = body.IndexOf(',');
        var low = comma < 0 ? body : body[..comma];
        var high = comma < 0 ? body : body[(comma + 1)..];
        if (!TryNumber(low, out var least))
            return false;
        count = least;
        if (!high.IsEmpty && !TryNumber(high, out count))
            return false;
        index = end;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
            return false;
        number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : int.MaxValue;
        return true;
    }
}

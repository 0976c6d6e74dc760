namespace Halyard.Rego;

/// <summary>
/// Whether some text matches two simple patterns at once. The patterns know characters, <c>.</c>, classes with ranges, and the
/// repetitions <c>*</c> and <c>+</c>; a backslash takes what follows as it is.
/// </summary>
internal static class PatternOverlap
{
    /// <summary>The steps of a pattern, or null if it is none.</summary>
    public static IReadOnlyList<Step>? Read(string pattern)
    {
        var steps = new List<Step>();
        for (var at = 0; at < pattern.Length; )
        {
            List<(char, char)>? ranges;
            switch (pattern[at])
            {
                case '.':
                    ranges = [('\0', char.MaxValue)];
                    at++;
                    break;
                case '[':
                    ranges = Ranges(pattern, ref at);
                    break;
                case '*' or '+' or ']':
                case '\\' when at + 1 == pattern.Length:
                    return null;
                default:
                    at += pattern[at] == '\\' ? 1 : 0;
                    ranges = [(pattern[at], pattern[at])];
                    at++;
                    break;
            }
            if (ranges is null)
                return null;
            var repeat = at < pattern.Length ? pattern[at] : '\0';
            if (repeat is '*' or '+')
                at++;
            if (repeat == '+')
                steps.Add(new Step(ranges, Repeats: false));
            steps.Add(new Step(ranges, Repeats: repeat is '*' or '+'));
        }
        return steps;
    }

    /// <summary>Walks both patterns at once; each pair of places is looked at once.</summary>
    public static bool Exists(BuiltinContext context, IReadOnlyList<Step> left, IReadOnlyList<Step> right)
    {
        context.Reserve((left.Count + 1L) * (right.Count + 1L));
        var seen = new bool[(left.Count + 1) * (right.Count + 1)];
        var open = new Stack<(int Left, int Right)>([(0, 0)]);
        while (open.TryPop(out var place))
        {
            var (i, j) = place;
            context.Spend(1);
            ref var isSeen = ref seen[i * (right.Count + 1) + j];
            if (isSeen)
                continue;
            isSeen = true;
            if (i == left.Count && j == right.Count)
                return true;
            // A repetition may take nothing.
            if (i < left.Count && left[i].Repeats)
                open.Push((i + 1, j));
            if (j < right.Count && right[j].Repeats)
                open.Push((i, j + 1));
            if (i < left.Count && j < right.Count && left[i].Meets(context, right[j]))
                open.Push((left[i].Repeats ? i : i + 1, right[j].Repeats ? j : j + 1));
        }
        return false;
    }

    private static List<(char, char)>? Ranges(string pattern, ref int at)
    {
        var ranges = new List<(char, char)>();
        for (at++; at < pattern.Length && pattern[at] != ']'; at++)
        {
            at += pattern[at] == '\\' ? 1 : 0;
            if (at + 1 >= pattern.Length)
                return null;
            var low = pattern[at];
            if (pattern[at + 1] == '-' && at + 2 < pattern.Length && pattern[at + 2] != ']')
                at += 2;
            if (pattern[at] < low)
                return null;
            ranges.Add((low, pattern[at]));
        }
        return at++ < pattern.Length && ranges.Count > 0 ? ranges : null;
    }

    /// <summary>One character of a pattern, or any number of such.</summary>
    internal sealed record Step(IReadOnlyList<(char Low, char High)> Ranges, bool Repeats)
    {
        public bool Meets(BuiltinContext context, Step other)
        {
            context.Spend((long)Ranges.Count * other.Ranges.Count / 8);
            return Ranges.Any(mine => other.Ranges.Any(theirs => mine.Low <= theirs.High && theirs.Low <= mine.High));
        }
    }
}

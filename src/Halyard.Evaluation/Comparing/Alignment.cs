namespace Halyard.Evaluation;

/// <summary>A place in both flags' order of steps; an index less than zero where one side has no step there.</summary>
internal readonly record struct Aligned(int Before, int After);

/// <summary>Puts the steps of two flags into one order, with as many common steps as there can be side by side.</summary>
internal static class Alignment
{
    /// <summary>Both flags' steps, each once, in an order that neither contradicts. The last is both fallthroughs.</summary>
    public static List<Aligned> Of(IReadOnlyList<Step> before, IReadOnlyList<Step> after)
    {
        var (b, a) = (before.Count - 1, after.Count - 1);
        var lengths = Lengths(before, after, b, a);
        var aligned = new List<Aligned>(b + a + 1);
        for (var (i, j) = (0, 0); i < b || j < a; )
        {
            if (i < b && j < a && before[i].Guard == after[j].Guard)
                aligned.Add(new Aligned(i++, j++));
            else if (j == a || i < b && lengths[i + 1][j] >= lengths[i][j + 1])
                aligned.Add(new Aligned(i++, -1));
            else
                aligned.Add(new Aligned(-1, j++));
        }
        aligned.Add(new Aligned(b, a));
        return aligned;
    }

    // The longest common subsequence from each pair of steps on.
    private static int[][] Lengths(IReadOnlyList<Step> before, IReadOnlyList<Step> after, int b, int a)
    {
        var lengths = Enumerable.Range(0, b + 1).Select(_ => new int[a + 1]).ToArray();
        for (var i = b - 1; i >= 0; i--)
        {
            for (var j = a - 1; j >= 0; j--)
                lengths[i][j] =
                    before[i].Guard == after[j].Guard
                        ? lengths[i + 1][j + 1] + 1
                        : Math.Max(lengths[i + 1][j], lengths[i][j + 1]);
        }
        return lengths;
    }
}

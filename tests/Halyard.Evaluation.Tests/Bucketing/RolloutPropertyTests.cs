using System.Globalization;
using Halyard.Evaluation.Definitions;
using Halyard.Evaluation.Tests.Agreement;
using Halyard.Evaluation.Tests.Naive;

namespace Halyard.Evaluation.Tests.Bucketing;

/// <summary>What docs/evaluation.md promises of rollouts, on 100,000 keys. The keys are the same in each run.</summary>
public sealed class RolloutPropertyTests
{
    private const int Keys = 100_000;
    private const int Total = 100_000;
    private const string Off = "off";

    private static readonly EvaluationContext[] Users =
    [
        .. Enumerable.Range(0, Keys).Select(i => EvaluationContext.For(string.Create(CultureInfo.InvariantCulture, $"user-{i}"))),
    ];

    private static readonly Lazy<long[]> Buckets = new(() =>
        [.. Users.Select(user => NaiveHash.Bucket("flag" + user.TargetingKey, Total))]
    );

    [Fact]
    public void Weight_TakenFromANeighbour_MovesExactlyItsUsersAndNoOthers()
    {
        var dice = new Dice(1);
        for (var i = 0; i < 20; i++)
        {
            var before = Weights(dice, 2 + dice.Below(5));
            var from = dice.Below(before.Length);
            var to = from == 0 || (from < before.Length - 1 && dice.OneIn(2)) ? from + 1 : from - 1;
            var moved = dice.Below(before[from] + 1);
            var after = Moved(before, from, to, moved);

            // The end between the two moves, and with it the buckets that it passes.
            var between = Math.Min(from, to);
            var (first, last) = (before[..(between + 1)].Sum(), after[..(between + 1)].Sum());
            var (low, high) = (Math.Min(first, last), Math.Max(first, last));
            (high - low).ShouldBe(moved);
            var (old, now) = (Place(before), Place(after));
            Offenders(user =>
                {
                    var isPassed = Buckets.Value[user] >= low && Buckets.Value[user] < high;
                    return isPassed ? (old[user], now[user]) == (from, to) : old[user] == now[user];
                })
                .ShouldBeEmpty();
        }
    }

    [Fact]
    public void Weight_TakenFromOneFurtherOn_PassesUsersOnThroughThoseBetweenAndTouchesNoOthers()
    {
        var dice = new Dice(2);
        var steps = 0;
        for (var i = 0; i < 20; i++)
        {
            var before = Weights(dice, 3 + dice.Below(4));
            var (from, to) = (dice.Below(before.Length), dice.Below(before.Length));
            var moved = dice.Below(before[from] + 1);
            var (old, now) = (Place(before), Place(Moved(before, from, to, moved)));
            // Towards the one that grows, never away from it, and never beyond either end.
            var (low, high) = (Math.Min(from, to), Math.Max(from, to));
            Offenders(user =>
                    old[user] == now[user]
                    || (
                        Math.Sign(now[user] - old[user]) == Math.Sign(to - from)
                        && Math.Min(old[user], now[user]) >= low
                        && Math.Max(old[user], now[user]) <= high
                    )
                )
                .ShouldBeEmpty();
            var movers = old.Zip(now).Count(user => user.First != user.Second);
            // Each end between the two passes as many buckets as the weight moved.
            var distance = Math.Abs(to - from);
            var share = Math.Min(1, (double)distance * moved / Total);
            ((double)movers).ShouldBeLessThanOrEqualTo(Keys * share + FourSigma(share));
            steps = Math.Max(steps, distance > 1 && movers > Keys * 1.5 * moved / Total ? distance : 0);
        }
        // Not a defect of the test's weights: those between do pass users on.
        steps.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Weight_TakenFromTheRemainder_BringsUsersInAndSendsNoneOut()
    {
        var dice = new Dice(3);
        for (var i = 0; i < 20; i++)
        {
            var all = Weights(dice, 2 + dice.Below(4));
            var (before, remainder) = (all[..^1], all[^1]);
            var (to, moved) = (dice.Below(before.Length), dice.Below(remainder + 1));
            var after = (int[])before.Clone();
            after[to] += moved;
            var (old, now) = (Place(before, remainder), Place(after, remainder - moved));
            var isLast = to == before.Length - 1;
            // The last variant stands beside the remainder: where it grows, whoever was in stays where they were.
            Offenders(user =>
                    old[user] < 0
                        ? now[user] < 0 || !isLast || now[user] == to
                        : now[user] >= 0 && (!isLast || now[user] == old[user])
                )
                .ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(50_000, 50_000)]
    [InlineData(33_333, 33_333, 33_334)]
    [InlineData(1_000, 99_000)]
    [InlineData(10, 99_990)]
    [InlineData(0, 1, 99_999)]
    [InlineData(5_000, 10_000, 20_000, 25_000, 40_000)]
    public void Split_OfManyKeys_IsWithinFourSigmaOfEachWeight(params int[] weights)
    {
        foreach (var salt in new[] { "flag", "", "another", "é😀" })
        {
            var counts = Place(weights, 0, salt).CountBy(variant => variant).ToDictionary();
            for (var i = 0; i < weights.Length; i++)
            {
                var p = weights[i] / (double)Total;
                Math.Abs(counts.GetValueOrDefault(i) - Keys * p).ShouldBeLessThanOrEqualTo(FourSigma(p), $"{salt} {i}");
            }
        }
    }

    // Pearson's statistic with (3−1)(4−1) = 6 degrees of freedom stays below 29.9 but for 4 in 100,000, as 4σ does.
    [Fact]
    public void Splits_OfTwoSalts_AreIndependent()
    {
        string[] salts = ["flag", "flag2", "2flag", "", "é😀", "flag:traffic", "Flag", "a", "b", "checkout-button"];
        foreach (var (one, two) in salts.Zip(salts.Skip(1).Append(salts[0])))
        {
            var (rows, columns) = (Place([20_000, 30_000, 50_000], 0, one), Place([10_000, 20_000, 30_000, 40_000], 0, two));
            ChiSquare(rows, columns).ShouldBeLessThan(29.9, $"'{one}' and '{two}'");
        }
    }

    [Fact]
    public void Splits_OfOneSalt_AreFoundDependent()
    {
        var (rows, columns) = (Place([20_000, 30_000, 50_000]), Place([10_000, 20_000, 30_000, 40_000]));
        ChiSquare(rows, columns).ShouldBeGreaterThan(10_000);
    }

    [Fact]
    public void Traffic_OfAnExperiment_IsIndependentOfItsSplit()
    {
        var weights = Weights([25_000, 25_000, 50_000]);
        var split = new Rollout(weights, Experiment: new Experiment("exp", "v0", 50_000));
        var snapshot = Snapshot(split);
        var taking = Array.ConvertAll(Users, user => Evaluate(snapshot, user).ExperimentKey is null ? 0 : 1);
        // 3 × 2 cells: 2 degrees of freedom.
        ChiSquare(Place([25_000, 25_000, 50_000]), taking).ShouldBeLessThan(20.4);
    }

    [Fact]
    public void BucketBy_OfTheSameValue_PlacesAsTheTargetingKeyDoes()
    {
        var weights = Weights([1, 2, 3, 4, 5]);
        var byKey = Snapshot(new Rollout(weights));
        var byName = Snapshot(new Rollout(weights, BucketBy: "company.id"));
        string[] odd = [.. Pools.UsersSaid, new('é', 300), "\0"];
        foreach (var value in Users.Select(user => user.TargetingKey!).Take(20_000).Concat(odd))
        {
            var company = AttributeValue.Object(KeyValuePair.Create("id", AttributeValue.Of(value)));
            var context = new EvaluationContextBuilder("somebody else").Set("company", company).Build();
            Evaluate(byName, context)
                .Variant.ShouldNotBeNull()
                .Key.ShouldBe(Evaluate(byKey, EvaluationContext.For(value)).Variant!.Key, value);
        }
    }

    private static int[] Offenders(Func<int, bool> isAsPromised) =>
        [.. Enumerable.Range(0, Keys).Where(user => !isAsPromised(user)).Take(5)];

    private static double FourSigma(double p) => 4 * Math.Sqrt(Keys * p * (1 - p)) + 1e-9;

    private static int[] Weights(Dice dice, int count)
    {
        var ends = Enumerable.Range(0, count - 1).Select(_ => dice.Below(Total + 1)).Append(Total).Order().ToArray();
        return [.. ends.Select((end, i) => end - (i == 0 ? 0 : ends[i - 1]))];
    }

    private static int[] Moved(int[] weights, int from, int to, int moved)
    {
        var after = (int[])weights.Clone();
        after[from] -= moved;
        after[to] += moved;
        return after;
    }

    private static double ChiSquare(int[] rows, int[] columns)
    {
        var (byRow, byColumn) = (rows.CountBy(row => row).ToList(), columns.CountBy(column => column).ToList());
        var cells = rows.Zip(columns).CountBy(cell => cell).ToDictionary();
        return (
            from row in byRow
            from column in byColumn
            let expected = (double)row.Value * column.Value / rows.Length
            select Math.Pow(cells.GetValueOrDefault((row.Key, column.Key)) - expected, 2) / expected
        ).Sum();
    }

    /// <summary>Each user's place in the list of weights; −1 in the remainder.</summary>
    private static int[] Place(int[] weights, int remainder = 0, string? salt = null)
    {
        var snapshot = Snapshot(new Rollout(Weights(weights), salt, Remainder: remainder));
        return Array.ConvertAll(
            Users,
            user => Evaluate(snapshot, user).Variant!.Key is var key && key == Off ? -1 : key[1] - '0'
        );
    }

    private static Sequence<WeightedVariant> Weights(int[] weights) =>
        weights
            .Select((weight, i) => new WeightedVariant(string.Create(CultureInfo.InvariantCulture, $"v{i}"), weight))
            .ToSequence();

    private static CompiledSnapshot Snapshot(Rollout rollout)
    {
        var variants = rollout
            .Weights.Select(part => part.Variant)
            .Append(Off)
            .Select(key => new Variant(key, FlagValue.Of(key)));
        var flag = new FlagDefinition("flag", FlagType.String, FlagStatus.Active, variants.ToSequence());
        return Given.Snapshot(new FlagInEnvironment(flag, new FlagEnvironment(true, Off, [], [], [], Serve.Split(rollout)), 1));
    }

    private static EvaluationResult Evaluate(CompiledSnapshot snapshot, EvaluationContext user) =>
        Evaluator.Evaluate(snapshot, "flag", user, Given.Now);
}

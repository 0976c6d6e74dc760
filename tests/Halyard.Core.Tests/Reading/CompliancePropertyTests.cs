using Halyard.Core.Reading;
using Halyard.Core.Reading.Compliance;
using Halyard.Core.Reading.Pasts;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Reading;

/// <summary>Every period is held against the naive answer: the state at instants in it, evaluated for many users with the facts.</summary>
public sealed class CompliancePropertyTests(ITestOutputHelper output)
{
    private const int Users = 120;
    private const int Counted = 2_000;

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Periods_OfRandomHistories_SayWhatUsersWithTheFactsGot()
    {
        var seen = new Dictionary<ComplianceState, int>();
        for (var seed = 1; seed <= 10; seed++)
        {
            var history = await RandomHistory.RunAsync(new InMemoryStore(), seed, steps: 150);
            foreach (var flag in new[] { "a", "b" })
            {
                foreach (
                    var facts in new (string, string)[][] { [], [("plan", "enterprise")], [("plan", "free"), ("country", "de")] }
                )
                {
                    var report = await ReportAsync(history, flag, facts, history.One<string?>(null, null, "user-3"));
                    if (report is null)
                        continue;
                    ShouldFill(report);
                    foreach (var period in report.Periods)
                        seen[period.State.State] = seen.GetValueOrDefault(period.State.State) + 1;
                    await ShouldHoldAsync(history, report, flag, facts);
                }
            }
        }
        output.WriteLine(string.Join(", ", seen.Select(pair => $"{pair.Value} {pair.Key}")));
        foreach (var state in Enum.GetValues<ComplianceState>().Where(state => state != ComplianceState.Broken))
            seen.GetValueOrDefault(state).ShouldBeGreaterThan(8, $"{state}");
    }

    private static async Task<Asked?> ReportAsync(
        RandomHistory history,
        string flag,
        (string Name, string Value)[] facts,
        string? user
    )
    {
        var builder = new EvaluationContextBuilder(user);
        foreach (var (name, value) in facts)
            builder.Set(name, value);
        var question = new ComplianceQuestion(
            Pipeline.Project,
            flag,
            "dev",
            builder.Build(),
            history.Times.Min.AddDays(-1),
            null
        );
        var reader = new ComplianceReader(history.Store, history.Vault, new EntryReader(history.Store, history.Vault));
        var result = await reader.ReportAsync(Pipeline.Tenant, question, history.Pipeline.Time.Now.AddDays(3), None);
        if (result.Error is Error.NotFound)
            return null;
        result.Error.ShouldBeNull();
        return new Asked(result.Value, user);
    }

    /// <summary>Half-open periods, one after the other, each different from the one before, each begun by an entry that is given.</summary>
    private static void ShouldFill(Asked asked)
    {
        var (report, periods) = (asked.Report, asked.Periods);
        periods[0].From.ShouldBe(report.Range.From);
        periods[^1].To.ShouldBe(report.Range.To);
        periods[^1].State.ShouldBe(report.Current.State);
        foreach (var (before, after) in periods.Zip(periods.Skip(1)))
        {
            after.From.ShouldBe(before.To);
            after.Started.ShouldNotBeNull().ShouldBe(before.Ended);
            after.From.ShouldBe(after.Started.At);
            after.State.ShouldNotBe(before.State);
            report.Entries.ContainsKey(after.Started.Index).ShouldBeTrue();
            if (after.Started.Expired is null)
                report.Entries[after.Started.Index].Entry.EffectiveAt.ShouldBe(after.From);
        }
    }

    private static async Task ShouldHoldAsync(RandomHistory history, Asked asked, string flag, (string, string)[] facts)
    {
        var reader = new ProjectReader(history.Store, history.Vault);
        foreach (var period in asked.Periods)
        {
            foreach (var at in new[] { period.From, period.From + (period.To - period.From) / 2, period.To.AddTicks(-10) })
            {
                var definition = (
                    await reader.EnvironmentAtAsync(Pipeline.Tenant, Pipeline.Project, "dev", at, None)
                )?.Definition;
                var flags = definition?.Flags.Select(entry => entry.Flag.Key).ToList() ?? [];
                (period.State.State == ComplianceState.Absent).ShouldBe(!flags.Contains(flag), $"{flag} at {at:O}");
                if (period.State.State == ComplianceState.Absent)
                    continue;
                var snapshot = SnapshotCompiler.Compile(definition!).Snapshot;
                var users = period.State.State == ComplianceState.Partly ? Counted : Users;
                var on = Enumerable
                    .Range(0, users)
                    .Select(i => history.User(asked.User ?? $"user-{i}", facts))
                    .Count(user => Evaluator.Evaluate(snapshot, flag, user, at).Variant?.Key == "on");
                ShouldAgree(period.State, on, users, $"{flag} at {at:O}: {period}");
            }
        }
    }

    private static void ShouldAgree(ComplianceJudgement judged, int on, int users, string what)
    {
        switch (judged.State)
        {
            case ComplianceState.On:
                on.ShouldBe(users, what);
                break;
            case ComplianceState.Off:
                on.ShouldBe(0, what);
                break;
            case ComplianceState.Partly:
                var share = judged.Percent.ShouldNotBeNull() / 100;
                Math.Abs(on - users * share).ShouldBeLessThan(4 * Math.Sqrt(users * share * (1 - share)) + 1, what);
                break;
            case ComplianceState.Depends:
                judged.Attributes.ShouldNotBeEmpty(what);
                break;
            default:
                Assert.Fail(what);
                break;
        }
    }

    private sealed record Asked(ComplianceReport Report, string? User)
    {
        public IReadOnlyList<Period<ComplianceJudgement>> Periods => Report.Periods;
    }
}

using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation;

namespace Halyard.Core.Tests.Reading;

/// <summary>A project that changes at random for a while, as the pipeline lets it; the same way for the same seed.</summary>
internal sealed class RandomHistory
{
    private static readonly string[] Flags = ["a", "b", "c"];
    private static readonly string[] Segments = ["s", "t"];
    private static readonly string[] Environments = ["dev", "prod"];

#pragma warning disable CA5394 // The same numbers on every run are the point.
    private readonly Random _random;

    private RandomHistory(Pipeline pipeline, int seed) => (Pipeline, _random) = (pipeline, new Random(seed));

    public Pipeline Pipeline { get; }

    public IStore Store => Pipeline.Store;

    public PersonalVault Vault => Pipeline.Vault;

    /// <summary>The times at which something changed.</summary>
    public SortedSet<DateTimeOffset> Times { get; } = [];

    /// <summary>Runs so many changes; after each that was applied, <paramref name="seen"/> is told its time.</summary>
    public static async Task<RandomHistory> RunAsync(IStore store, int seed, int steps, Func<RandomHistory, Task>? seen = null)
    {
        var history = new RandomHistory(await Fixtures.Pipeline.StartAsync(store), seed);
        string[] first = [.. Segments.Select(history.CreateSegment), .. Flags.Select(CreateFlag)];
        for (var i = 0; i < steps; i++)
        {
            // Now and then two changes fall on one microsecond.
            if (history._random.Next(6) > 0)
                history.Pipeline.Time.Now = history.Pipeline.Time.Now.AddMinutes(history._random.Next(1, 500));
            var result = await history.Pipeline.SubmitAsync(
                Fixtures.Pipeline.Submission(i < first.Length ? first[i] : history.Next())
            );
            if (result.Error is not null || result.Value is not Outcome.Applied applied)
                continue;
            history.Times.Add(applied.Receipt.At);
            if (seen is not null)
                await seen(history);
        }
        return history;
    }

    /// <summary>Runs so many changes more on what is there; each that was applied or waits is told with its entry. How many there were.</summary>
    public static async Task<int> GoOnAsync(Pipeline pipeline, int seed, int steps, Action<long, Outcome> seen)
    {
        var history = new RandomHistory(pipeline, seed);
        var count = 0;
        for (var i = 0; i < steps; i++)
        {
            pipeline.Time.Now = pipeline.Time.Now.AddMinutes(history._random.Next(1, 500));
            var result = await pipeline.SubmitAsync(Fixtures.Pipeline.Submission(history.Next()));
            if (result.Error is not null || result.Value is not (Outcome.Applied or Outcome.Pending))
                continue;
            count++;
            seen(
                result.Value is Outcome.Applied applied ? applied.Receipt.Index : ((Outcome.Pending)result.Value).Receipt.Index,
                result.Value
            );
        }
        return count;
    }

    /// <summary>A user whose attributes are drawn from what rules compare with; those given are as they are.</summary>
    public EvaluationContext User(string key, params IReadOnlyList<(string Name, string Value)> given)
    {
        var builder = new EvaluationContextBuilder(key);
        foreach (var name in new[] { "plan", "country", "company" })
        {
            var known = given.FirstOrDefault(fact => fact.Name == name).Value;
            if (known is not null || _random.Next(3) > 0)
                builder.Set(name, known ?? One("enterprise", "free", "de", "us"));
        }
        return builder.Build();
    }

    public T One<T>(params IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    /// <summary>What the live state answers to somebody in every environment; empty where there is no such flag or environment.</summary>
    public async Task<string> LiveAsync(EvaluationContext context)
    {
        var state = new List<string>();
        var flags = await AllAsync(ResourceKind.Flag);
        var segments = await AllAsync(ResourceKind.Segment);
        foreach (var environment in (await AllAsync(ResourceKind.Environment)).Select(view => (ProjectEnvironment)view.Resource))
        {
            var definition = EnvironmentDefinitions.Build(
                environment,
                flags.Select(view => ((Flag)view.Resource, view.Revision)),
                segments.Select(view => (Segment)view.Resource),
                0
            );
            state.Add(Answers(definition, context, Pipeline.Time.Now));
        }
        return string.Join('\n', state);
    }

    /// <summary>Everything that an environment answers.</summary>
    public static string Answers(EnvironmentDefinition definition, EvaluationContext context, DateTimeOffset now)
    {
        var snapshot = SnapshotCompiler.Compile(definition).Snapshot;
        var answers = snapshot.FlagKeys.Select(key =>
        {
            var result = Evaluator.Evaluate(snapshot, key, context, now);
            return $"{key}={result.Variant?.Key} {result.Reason} {result.RuleId}{result.OverrideId} r{result.Revision}";
        });
        return $"{definition.Environment}: {string.Join(", ", answers)}";
    }

    private async Task<IReadOnlyList<ResourceView>> AllAsync(ResourceKind kind) =>
        (
            await new ProjectReader(Store, Vault).ListAsync(
                Fixtures.Pipeline.Tenant,
                kind,
                Fixtures.Pipeline.Project,
                _ => true,
                null,
                1_000,
                TestContext.Current.CancellationToken
            )
        ).Items;

    private string Next()
    {
        var (flag, segment, environment) = (One(Flags), One(Segments), One(Environments));
        var at = $"\"flag\":\"{flag}\",\"environment\":\"{environment}\"";
        return _random.Next(30) switch
        {
            0 or 1 => CreateFlag(flag),
            2 => $$"""{"op":"deleteFlag","flag":"{{flag}}"}""",
            3 or 4 or 5 => $$"""{"op":"setEnabled",{{at}},"enabled":true}""",
            6 => $$"""{"op":"setEnabled",{{at}},"enabled":false}""",
            7 or 8 or 9 or 10 => $$"""{"op":"setRules",{{at}},"rules":[{{Rule("r1")}},{{Rule("r2")}}]}""",
            11 or 12 or 13 or 14 => $$"""{"op":"setFallthrough",{{at}},"serve":{{Serve()}}}""",
            15 =>
                $$"""{"op":"setPrerequisites",{{at}},"prerequisites":[{"flag":"{{One(
                Flags
            )}}","variants":["{{One("on", "off")}}"]}]}""",
            16 => $$"""{"op":"setPrerequisites",{{at}},"prerequisites":[]}""",
            17 => AddOverride(
                at,
                $"\"id\":\"o{_random.Next(9)}\",\"attribute\":\"plan\",\"value\":\"{One("enterprise", "free")}\""
            ),
            18 => AddOverride(at, $"\"id\":\"k{_random.Next(9)}\",\"targetingKey\":\"user-{_random.Next(20)}\""),
            19 or 20 => $$"""{"op":"removeOverride",{{at}},"override":"{{One("o", "k")}}{{_random.Next(9)}}"}""",
            21 => CreateSegment(segment),
            22 or 23 => $$"""{"op":"updateSegment","segment":"{{segment}}",{{Members()}}}""",
            24 => $$"""{"op":"deleteSegment","segment":"{{segment}}"}""",
            25 =>
                $$"""{"op":"setEnvironmentEnabled","environment":"{{environment}}","enabled":{{One("true", "true", "false")}}}""",
            26 when _random.Next(3) == 0 => """{"op":"deleteEnvironment","environment":"dev"}""",
            26 or 27 or 28 => """{"op":"createEnvironment","environment":"dev","type":"development"}""",
            _ => $$"""{"op":"setStatus","flag":"{{flag}}","status":"{{One("active", "active", "deprecated", "archived")}}"}""",
        };
    }

    private static string CreateFlag(string flag) =>
        $$"""{"op":"createFlag","flag":"{{flag}}","environments":{"dev":{"enabled":true},"prod":{"enabled":true} } }""";

    private string CreateSegment(string segment) => $$"""{"op":"createSegment","segment":"{{segment}}",{{Members()}}}""";

    private string AddOverride(string at, string whom) =>
        $$"""{"op":"addOverride",{{at}},"override":{ {{whom}},"variant":"{{One("on", "off")}}"{{Expiry()}}} }""";

    private string Rule(string id) =>
        $$"""{"id":"{{id}}","conditions":[{{string.Join(',', Enumerable.Range(0, _random.Next(3)).Select(_ => Condition()))}}],"serve":{{Serve()}}}""";

    private string Condition() =>
        _random.Next(4) switch
        {
            0 => Ops.InSegment(One(Segments)),
            1 =>
                $$"""{"attribute":"country","operator":"equals","values":["{{One("de", "us")}}"],"negate":{{One("true", "false")}}}""",
            _ => $$"""{"attribute":"plan","operator":"equals","values":["{{One("enterprise", "free")}}"]}""",
        };

    private string Serve() =>
        _random.Next(3) switch
        {
            0 =>
                $$"""{"rollout":{"weights":[{"variant":"on","weight":{{_random.Next(1, 9)}}},{"variant":"off","weight":{{_random.Next(9)}}}],"remainder":{{_random.Next(3)}}{{One("", ",\"salt\":\"x\"", ",\"bucketBy\":\"company\"")}}} }""",
            var one => $$"""{"variant":"{{(one == 1 ? "on" : "off")}}"}""",
        };

    private string Members()
    {
        // Not itself: a segment inside itself is refused.
        var condition = Condition().Replace("[\"s\"]", "[\"t\"]", StringComparison.Ordinal);
        var (includes, excludes) = (One("", "\"user-3\""), One("", "\"user-4\""));
        return $"\"includes\":[{includes}],\"excludes\":[{excludes}],\"rules\":[{{\"id\":\"m\",\"conditions\":[{condition}]}}]";
    }

    private string Expiry() =>
        _random.Next(2) == 0
            ? ""
            : $",\"expiresAt\":\"{Pipeline.Time.Now.AddMinutes(_random.Next(1, 3_000)):yyyy-MM-dd'T'HH:mm:ss'Z'}\"";
#pragma warning restore CA5394
}

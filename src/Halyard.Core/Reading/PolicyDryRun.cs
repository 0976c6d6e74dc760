using System.Globalization;
using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Reading;

/// <summary>Asks a policy again what the log says was asked before, on the roles of then.</summary>
public sealed class PolicyDryRun(IStore store, AccessHistory history, TimeProvider time)
{
    /// <summary>The most entries one run looks at.</summary>
    public const int MaxEntries = 10_000;

    /// <summary>After this long a run ends where it is: a policy may take its time over each of very many questions.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int MaxDifferences = 100;
    private const int PageSize = 500;

    /// <summary>
    /// What another policy would have decided of the entries from one index to before another, or as far as it comes in
    /// <see cref="Patience"/>: at least the first, and the report says how far.
    /// </summary>
    public async ValueTask<DryRunReport> RunAsync(
        string tenant,
        PolicyProgram candidate,
        long from,
        long to,
        CancellationToken cancellationToken
    )
    {
        var report = new DryRunReport(from, to);
        var begun = time.GetTimestamp();
        PastAccess? access = null;
        for (var next = from; next < to; )
        {
            var page = await store.FeedAsync(tenant, next, PageSize, cancellationToken);
            var entries = page.Where(entry => entry.Index < to).ToList();
            if (entries.Count == 0)
                break;
            var asked = entries.Select(Asked.Of).ToList();
            var inputs = await store.BlobsAsync(tenant, [.. asked.Select(item => item.Input).Distinct()], cancellationToken);
            access ??= await history.AtAsync(tenant, asked[0].At.AddTicks(-TimeSpan.TicksPerMicrosecond), cancellationToken);
            var state = access.State(candidate);
            for (var i = 0; i < entries.Count; i++)
            {
                if (asked[i].Index > from && time.GetElapsedTime(begun) >= Patience)
                {
                    report.To = asked[i].Index;
                    return report;
                }
                report.Add(asked[i], Ask(state, asked[i], inputs.GetValueOrDefault(asked[i].Input)));
                if (await FollowAsync(tenant, access, entries[i], cancellationToken))
                    state = access.State(candidate);
            }
            next = entries[^1].Index + 1;
        }
        return report;
    }

    /// <summary>Whether an entry changed who may do what; then it is put on the state.</summary>
    private async ValueTask<bool> FollowAsync(
        string tenant,
        PastAccess access,
        FeedEntry entry,
        CancellationToken cancellationToken
    )
    {
        var touched = entry.Resources.Where(version => PastAccess.Kinds.Contains(version.Name.Kind)).ToList();
        foreach (var version in touched)
        {
            var resources = await history.ReadAsync(tenant, [version], cancellationToken);
            access.Put(version.Name, resources.SingleOrDefault());
        }
        return touched.Count > 0;
    }

    /// <summary>What would be decided, or <see langword="null"/> where nothing can be asked again.</summary>
    private static (bool Allowed, string Reason)? Ask(AccessState state, Asked asked, byte[]? input)
    {
        if (input is null || asked.Kind == ActorKind.System)
            return null;
        using var parsed = JsonDocument.Parse(input);
        var question = parsed.RootElement;
        var isList = question.TryGetProperty("list", out var list);
        if (!isList && !question.TryGetProperty("checks", out _))
            return null;
        var plan = state.Program.Ask(Asking.With(state, asked.ActorIn(question), input), state.Name, asked.At);
        return (isList ? IsLetIn(plan, question, list) : plan.Kind == PlanKind.Always, plan.Reason);
    }

    /// <summary>Whether a list would be shown: any of it, or all of the tenant's where that was asked for.</summary>
    private static bool IsLetIn(AccessPlan plan, JsonElement question, JsonElement list)
    {
        var project = question.GetProperty("project").GetString()!;
        var kind = Question.KindOf(list.GetProperty("action").GetString()!);
        var isWhole = list.TryGetProperty("whole", out _) && project.Length == 0;
        return plan.Kind != PlanKind.Never && (!isWhole || plan.AllowsWhole(kind, project));
    }

    /// <summary>What an entry says of its decision.</summary>
    internal sealed record Asked(long Index, DateTimeOffset At, string Verdict, Digest Input, ActorKind Kind)
    {
        public static Asked Of(FeedEntry entry)
        {
            using var parsed = JsonDocument.Parse(entry.Leaf);
            var leaf = parsed.RootElement;
            var decision = leaf.GetProperty("decision");
            if (
                !Digest.TryParse(decision.GetProperty("input").GetString()!, out var input)
                || !WireNames.TryParse<ActorKind>(leaf.GetProperty("actor").GetProperty("kind").GetString()!, out var kind)
            )
                throw new InvalidDataException($"Entry {entry.Index} does not say what was asked, or who asked.");
            var at = DateTimeOffset.ParseExact(
                leaf.GetProperty("at").GetString()!,
                Seal.TimeFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal
            );
            return new Asked(entry.Index, at, decision.GetProperty("verdict").GetString()!, input, kind);
        }

        /// <summary>Who asked, as the question knows him.</summary>
        public Actor ActorIn(JsonElement question)
        {
            var actor = question.GetProperty("actor");
            return new Actor(
                question.GetProperty("tenant").GetString()!,
                actor.GetProperty("sid").GetString()!,
                Kind,
                actor.GetProperty("auth").GetString()!,
                Strings(actor, "roles"),
                null
            )
            {
                Groups = Strings(actor, "groups"),
                Limits = RoleJson.ReadPattern(JsonCursor.Root(actor, [])["limits"]),
            };
        }

        private static Sequence<string> Strings(JsonElement json, string member) =>
            json.TryGetProperty(member, out var list) ? list.EnumerateArray().Select(item => item.GetString()!).ToSequence() : [];
    }

    /// <summary>What came of a run.</summary>
    public sealed class DryRunReport(long from, long to)
    {
        private readonly List<Difference> _differences = [];

        /// <summary>The index of the first entry looked at.</summary>
        public long From { get; } = from;

        /// <summary>The index of the first entry not looked at any more.</summary>
        public long To { get; internal set; } = to;

        /// <summary>How many decisions were asked for again.</summary>
        public long Decisions { get; private set; }

        /// <summary>How many entries hold no question that can be asked again.</summary>
        public long Skipped { get; private set; }

        /// <summary>How many were allowed and would be denied.</summary>
        public long NewlyDenied { get; private set; }

        /// <summary>How many were denied and would be allowed.</summary>
        public long NewlyAllowed { get; private set; }

        /// <summary>The first of those that differ, at most 100.</summary>
        public IReadOnlyList<Difference> Differences => _differences;

        internal void Add(Asked asked, (bool Allowed, string Reason)? answer)
        {
            if (answer is not { } now)
            {
                Skipped++;
                return;
            }
            Decisions++;
            var wasAllowed = asked.Verdict == "allow";
            if (wasAllowed == now.Allowed)
                return;
            if (wasAllowed)
                NewlyDenied++;
            else
                NewlyAllowed++;
            if (_differences.Count < MaxDifferences)
                _differences.Add(new Difference(asked.Index, asked.Verdict, now.Allowed ? "allow" : "deny", now.Reason));
        }
    }

    /// <summary>A decision that would be another.</summary>
    /// <param name="Index">The entry.</param>
    /// <param name="Verdict">What was decided.</param>
    /// <param name="Candidate">What would be decided.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Difference(long Index, string Verdict, string Candidate, string Reason);
}

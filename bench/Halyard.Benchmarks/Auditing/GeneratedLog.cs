using System.Text;
using Halyard.Benchmarks.Measuring;
using Halyard.Core;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Policies;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Benchmarks.Auditing;

/// <summary>
/// Commits of generated entries, built and sealed as the pipeline does it, without the deciding before it. Takes a log up where
/// it ends.
/// </summary>
internal sealed class GeneratedLog
{
    private const string Appended = "appended";

    private static readonly DateTimeOffset Begin = new(2023, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(94);
    private static readonly Blob Input = Blob.Of(Encoding.UTF8.GetBytes($$"""{"input":"{{new string('i', 500)}}"}"""));

    private readonly Random _random = new(1);
    private readonly Dictionary<ResourceName, (string Id, long Revision, byte[] Document)> _flags = [];
    private long _next;

    private GeneratedLog() { }

    /// <summary>The time of the entry at an index.</summary>
    public static DateTimeOffset TimeOf(long index) => Begin + (index * Step);

    public static async Task<GeneratedLog> OpenAsync(IStore store)
    {
        var log = new GeneratedLog { _next = (await store.HeadAsync(Tenancy.Tenant, default))?.Range.Size ?? 0 };
        foreach (var key in Enumerable.Range(0, LogVocabulary.Projects).Select(LogVocabulary.Project).Append(Appended))
        {
            foreach (var flag in await store.ListAsync(Tenancy.Tenant, ResourceKind.Flag, key, null, int.MaxValue, default))
                log._flags[flag.Name] = (flag.Id, flag.Revision, flag.Document);
        }
        return log;
    }

    /// <summary>The next entries as one commit.</summary>
    public Commit Next(int count)
    {
        var (drafts, touched) = (new List<EntryDraft>(count), new Dictionary<ResourceName, long>());
        for (var i = 0; i < count; i++)
            drafts.Add(_random.Next(50) == 0 ? Denial() : Edit(touched));
        return Commit(drafts, touched);
    }

    /// <summary>A change of one flag, for who appends beside others and so needs a flag of their own.</summary>
    public Commit NextOf(int flag)
    {
        lock (_flags)
        {
            var touched = new Dictionary<ResourceName, long>();
            return Commit([Edit(touched, new ResourceName(ResourceKind.Flag, Appended, $"appended-{flag}"))], touched);
        }
    }

    private Commit Commit(List<EntryDraft> drafts, Dictionary<ResourceName, long> touched) =>
        new(
            Tenancy.Tenant,
            $"flags.example.com/{Tenancy.Tenant}/admin",
            [.. touched.Select(item => Put(item.Key, item.Value))],
            [],
            drafts,
            null
        );

    private ResourceWrite.Put Put(ResourceName name, long expected)
    {
        var (id, revision, document) = _flags[name];
        return new ResourceWrite.Put(name, expected, id, revision, document, null);
    }

    private EntryDraft Edit(Dictionary<ResourceName, long> touched)
    {
        // Squared: some flags change all the time, most seldom.
        var flag = (int)(Math.Pow(_random.NextDouble(), 2) * LogVocabulary.FlagsPerProject);
        var project = LogVocabulary.Project(_random.Next(LogVocabulary.Projects));
        return Edit(touched, new ResourceName(ResourceKind.Flag, project, LogVocabulary.Flag(flag)));
    }

    private EntryDraft Edit(Dictionary<ResourceName, long> touched, ResourceName name)
    {
        var isNew = !_flags.TryGetValue(name, out var before);
        touched.TryAdd(name, before.Revision);
        var id = isNew ? Entropy.System.NewId("f") : before.Id;
        var revision = before.Revision + 1;
        var document = Document(name.Key, revision);
        _flags[name] = (id, revision, document);
        var (action, words) = LogVocabulary.Changes[_random.Next(LogVocabulary.Changes.Length)];
        var environment = LogVocabulary.Environments[_random.Next(LogVocabulary.Environments.Length)];
        Digest? digest = isNew ? null : Digest.Of(before.Document);
        var change = new TouchedResource(name, id, revision - 1, revision, Digest.Of(document));
        return Build(
            Content(name.Project) with
            {
                Type = isNew ? "flag.created" : "flag.updated",
                Environments = [environment],
                Changes =
                [
                    isNew
                        ? new SemanticChange("flag.created", null, $"boolean flag '{name.Key}' created")
                        : new SemanticChange(action, environment, $"flag '{name.Key}' {words} in '{environment}'"),
                ],
                Resources = [new ResourceChange(change, digest, Patch(revision), document, [])],
            }
        );
    }

    private EntryDraft Denial()
    {
        var project = LogVocabulary.Project(_random.Next(LogVocabulary.Projects));
        var name = new ResourceName(ResourceKind.Flag, project, LogVocabulary.Flag(_random.Next(LogVocabulary.FlagsPerProject)));
        var touched = new TouchedResource(name, _flags.GetValueOrDefault(name).Id ?? "", 0, 0, null);
        return Build(
            Content(project) with
            {
                Type = "access.denied",
                Environments = ["production"],
                Changes = [new SemanticChange("access.denied", null, "flag.update denied: role CLIENT may not change flags")],
                Resources = [new ResourceChange(touched, null, "[]"u8.ToArray(), null, [])],
                FailureCode = "denied",
            }
        );
    }

    private static EntryDraft Build(EntryContent content) => EntryBuilder.Build(content, Entropy.System);

    private EntryContent Content(string project)
    {
        var index = _next++;
        var time = TimeOf(index);
        return new EntryContent
        {
            Id = Entropy.System.NewUlid(time),
            Time = time,
            Type = "",
            Actor = Tenancy.Admin with { Subject = LogVocabulary.Actor(_random.Next(LogVocabulary.Actors)) },
            Request = Tenancy.Request(index),
            Project = project,
            Environments = [],
            Changes = [],
            Resources = [],
            Reason = LogVocabulary.Reason(_random),
            Ticket = _random.Next(3) == 0 ? LogVocabulary.Ticket(_random) : null,
            Incident = _random.Next(200) == 0 ? $"INC-{_random.Next(2_000)}" : null,
            IdempotencyKey = $"key-{index}",
            Decision = new Decision.Allow("built-in@1", "role ADMIN may do everything"),
            DecisionInput = Input,
        };
    }

    private static byte[] Document(string key, long revision) =>
        Encoding.UTF8.GetBytes($$"""{"description":"{{new string('d', 400)}}","key":"{{key}}","revision":{{revision}}}""");

    private static byte[] Patch(long revision) =>
        Encoding.UTF8.GetBytes($$"""[{"op":"replace","path":"/revision","value":{{revision}},"was":{{revision - 1}}}]""");
}

using Halyard.Benchmarks.Measuring;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Benchmarks.Auditing;

/// <summary>The kinds of questions, each asked with other values every time.</summary>
internal sealed class AuditQuestions(IStore store, long size, IReadOnlyList<string> ids)
{
    public IReadOnlyList<(string Kind, Func<Random, Task> AskAsync)> All =>
        [
            ("page: newest", _ => PageAsync(new AuditQuery())),
            ("page: newest 1,000", _ => PageAsync(new AuditQuery { Limit = AuditQuery.MaxLimit })),
            ("page: flag (history)", random => PageAsync(Flag(random))),
            ("page: project and action", random => PageAsync(ProjectAndAction(random))),
            ("page: actor", random => PageAsync(Actor(random))),
            ("page: environment and time", random => PageAsync(EnvironmentAndTime(random))),
            ("page: ticket", random => PageAsync(Ticket(random))),
            ("page: denied", _ => PageAsync(Denied)),
            ("page: nothing matches", random => PageAsync(Actor(random) with { Incident = "INC-1", Succeeded = false })),
            ("page: text, rare word", random => PageAsync(Text(Quoted(LogVocabulary.RareWord(random))))),
            ("page: text, common words", _ => PageAsync(Text("switched production"))),
            ("page: text, phrase", _ => PageAsync(Text("\"payments team\" \"switched on\""))),
            ("page: text, rare phrase", random => PageAsync(Text($"\"{LogVocabulary.Ticket(random)}\""))),
            ("page: text, prefix", random => PageAsync(Text(LogVocabulary.RareWord(random)[..^2]))),
            ("page: text, one letter", random => PageAsync(Text(Letter(random)))),
            ("page: text and actor", random => PageAsync(Actor(random) with { Text = "rollback production" })),
            ("deep page: all", random => PageAsync(Deep(random, new AuditQuery()))),
            ("deep page: actor", random => PageAsync(Deep(random, Actor(random)))),
            ("deep page: denied", random => PageAsync(Deep(random, Denied))),
            ("deep page: text", random => PageAsync(Deep(random, Text("switched checkout")))),
            ("count: all", _ => CountAsync(new AuditQuery())),
            ("count: flag", random => CountAsync(Flag(random))),
            ("count: project and action", random => CountAsync(ProjectAndAction(random))),
            ("count: actor", random => CountAsync(Actor(random))),
            ("count: environment and time", random => CountAsync(EnvironmentAndTime(random))),
            ("count: time", random => CountAsync(EnvironmentAndTime(random) with { Environment = null })),
            ("count: ticket", random => CountAsync(Ticket(random))),
            ("count: denied", _ => CountAsync(Denied)),
            ("count: succeeded", _ => CountAsync(new AuditQuery { Succeeded = true })),
            ("count: text, rare word", random => CountAsync(Text(Quoted(LogVocabulary.RareWord(random))))),
            ("count: text, common words", _ => CountAsync(Text("switched production the \"team\""))),
            ("count: text, common phrase", _ => CountAsync(Text("\"switched on in production\""))),
            ("count: text, prefix", random => CountAsync(Text(LogVocabulary.RareWord(random)[..^2]))),
            ("count: text, one letter", random => CountAsync(Text(Letter(random)))),
            ("count: text and environment", _ => CountAsync(Text("trying team") with { Environment = "production" })),
            ("one: by index", random => Found(store.EntryAsync(Tenancy.Tenant, random.NextInt64(size), default))),
            ("one: by id", random => Found(store.EntryAsync(Tenancy.Tenant, ids[random.Next(ids.Count)], default))),
        ];

    private static AuditQuery Denied => new() { Succeeded = false };

    private async Task PageAsync(AuditQuery query) => await store.QueryAsync(Tenancy.Tenant, query, default);

    private async Task CountAsync(AuditQuery query) => await store.CountAsync(Tenancy.Tenant, query, default);

    private static async Task Found(ValueTask<LogEntry?> asked)
    {
        if (await asked is null)
            throw new InvalidOperationException("An entry of the log was not found.");
    }

    private static AuditQuery Flag(Random random) =>
        new()
        {
            Project = LogVocabulary.Project(random.Next(LogVocabulary.Projects)),
            ResourceKind = ResourceKind.Flag,
            ResourceKey = LogVocabulary.Flag(random.Next(LogVocabulary.FlagsPerProject)),
        };

    private static AuditQuery ProjectAndAction(Random random) =>
        new()
        {
            Project = LogVocabulary.Project(random.Next(LogVocabulary.Projects)),
            Actions = [LogVocabulary.Changes[random.Next(LogVocabulary.Changes.Length)].Action],
        };

    private static AuditQuery Actor(Random random) => new() { Actor = LogVocabulary.Actor(random.Next(LogVocabulary.Actors)) };

    private AuditQuery EnvironmentAndTime(Random random)
    {
        var from = random.NextInt64(size);
        return new AuditQuery
        {
            Environment = LogVocabulary.Environments[random.Next(LogVocabulary.Environments.Length)],
            From = GeneratedLog.TimeOf(from),
            To = GeneratedLog.TimeOf(random.NextInt64(from, size)),
        };
    }

    private static AuditQuery Ticket(Random random) => new() { Ticket = LogVocabulary.Ticket(random) };

    private static AuditQuery Text(string text) => new() { Text = text };

    private static string Quoted(string word) => $"\"{word}\"";

    private static string Letter(Random random) => $"{(char)('a' + random.Next(26))}";

    private AuditQuery Deep(Random random, AuditQuery query) => query with { Before = random.NextInt64(size) };
}

using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Server.Authentication;
using Halyard.Server.Retention;

namespace Halyard.Server.Management;

/// <summary>Reads the audit log: query, count, one entry, and the history of a flag.</summary>
internal static class AuditEndpoints
{
    private static readonly string[] Filters =
    [
        "project",
        "flag",
        "kind",
        "key",
        "resource",
        "action",
        "succeeded",
        "actor",
        "actorKind",
        "environment",
        "ticket",
        "incident",
        "changeRequest",
        "text",
        "imported",
        "import",
        "from",
        "to",
    ];

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/audit", QueryAsync)
            .WithName("queryAudit")
            .WithSummary(
                $"Audit entries, newest first; filters {string.Join(", ", Filters)}; ranges are half-open; ?reveal=true shows personal values and is recorded."
            )
            .ReadsVisible("audit.read")
            .RecordsLogViews()
            .Produces<Page<EntryAnswer>>();
        routes
            .MapGet("/audit/count", CountAsync)
            .WithName("countAudit")
            .WithSummary("How many audit entries match the same filters.")
            .ReadsVisible("audit.read")
            .RecordsLogViews()
            .Produces<CountAnswer>();
        routes
            .MapGet("/audit/{entry}", OneAsync)
            .WithName("getAuditEntry")
            .WithSummary("One audit entry, by index or id; ?reveal=true shows its personal values and is recorded.")
            .ReadsVisible("audit.read")
            .RecordsLogViews()
            .Produces<EntryAnswer>();
        routes.MapProofs();
        routes
            .MapGet("/projects/{project}/flags/{flag}/history", HistoryAsync)
            .WithName("getFlagHistory")
            .WithSummary("Every entry of a flag, newest first, those of deleted flags of the same key included.")
            .Reads("audit.read")
            .RecordsLogViews()
            .Produces<Page<EntryAnswer>>();
    }

    /// <summary>An entry on the wire; where it is revealed, with every personal value that still exists.</summary>
    public static EntryAnswer Answer(EntryView view, bool isRevealed = false)
    {
        var leaf = view.Leaf;
        return new EntryAnswer
        {
            Index = view.Entry.Index,
            Id = leaf.GetProperty("id").GetString()!,
            At = view.Entry.At,
            EffectiveAt = view.Entry.EffectiveAt,
            Type = leaf.GetProperty("type").GetString()!,
            Actions = [.. leaf.GetProperty("actions").EnumerateArray().Select(item => item.GetString()!)],
            Description = view.Description,
            Imported = view.IsImported,
            Actor = new ActorAnswer(
                view.Subject,
                view.SubjectName,
                view.IsImported ? "user" : leaf.GetProperty("actor").GetProperty("kind").GetString()!
            ),
            Reason = view.Reason,
            Revealed = isRevealed ? Reveals.Answer(view) : null,
            Ticket = leaf.GetProperty("why").GetProperty("ticket").GetString(),
            Incident = leaf.GetProperty("why").GetProperty("incident").GetString(),
            Reference = view.Reference,
            Project = leaf.GetProperty("project").GetString(),
            Environments = view.Environments,
            Succeeded = leaf.GetProperty("outcome").GetProperty("ok").GetBoolean(),
            LeafHash = MerkleTree.HashLeaf(view.Entry.Leaf).ToString(),
            Leaf = leaf,
        };
    }

    private static Task<IResult> QueryAsync(HttpContext context, EntryReader reader, Reveals reveals)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, [.. Filters, "limit", "cursor", Reveals.Parameter]);
        return PageAsync(context, (reader, reveals), Read(context, problems), problems);
    }

    private static Task<IResult> HistoryAsync(
        HttpContext context,
        string project,
        string flag,
        EntryReader reader,
        Reveals reveals
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "limit", "cursor", Reveals.Parameter);
        var query = new AuditQuery
        {
            Project = project,
            ResourceKind = ResourceKind.Flag,
            ResourceKey = flag,
        };
        return PageAsync(context, (reader, reveals), query, problems);
    }

    private static async Task<IResult> PageAsync(
        HttpContext context,
        (EntryReader Entries, Reveals Reveals) read,
        AuditQuery query,
        List<FieldProblem> problems
    )
    {
        var disclosure = read.Reveals.Wanted(context, problems);
        var limit = Paging.Limit(context, problems);
        var before = Paging.Index(context, "cursor", problems);
        if (Hidden(context, query, problems) is { } hidden)
            return hidden;
        var tenant = context.Caller().Actor.Tenant;
        query = query with { SearchesReasons = disclosure != Disclosure.Nothing };
        var page = query with { Before = before, Limit = limit };
        var entries = await read.Entries.QueryAsync(tenant, page, disclosure, context.RequestAborted);
        var isRevealed = disclosure == Disclosure.Everything;
        string? next = null;
        if (entries.Count == limit)
        {
            var last = entries[^1].Entry.Index;
            var rest = query with { Before = last, Limit = 1 };
            var more = await read.Entries.QueryAsync(tenant, rest, Disclosure.Nothing, context.RequestAborted);
            next = more.Count > 0 ? $"{last}" : null;
        }
        if (isRevealed && await read.Reveals.RecordAsync(context, entries) is { } refusal)
            return refusal;
        return TypedResults.Json(
            new Page<EntryAnswer>([.. entries.Select(view => Answer(view, isRevealed))], next),
            ContractJson.Wire.PageEntryAnswer
        );
    }

    private static async Task<IResult> CountAsync(HttpContext context, IStore store, Reveals reveals)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, Filters);
        var query = Read(context, problems) with { SearchesReasons = reveals.Everyday != Disclosure.Nothing };
        if (Hidden(context, query, problems) is { } hidden)
            return hidden;
        var count = await store.CountAsync(context.Caller().Actor.Tenant, query, context.RequestAborted);
        return TypedResults.Json(new CountAnswer(count), ContractJson.Wire.CountAnswer);
    }

    private static async Task<IResult> OneAsync(
        HttpContext context,
        string entry,
        EntryReader reader,
        Reveals reveals,
        PurgedEntries purged
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, Reveals.Parameter);
        var disclosure = reveals.Wanted(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        var view = await reader.FindAsync(
            tenant,
            entry,
            disclosure,
            project => context.Plan().AllowsWhole("audit", project),
            context.RequestAborted
        );
        if (view is null)
        {
            var gone = long.TryParse(entry, out var index) ? await purged.FindAsync(tenant, index, context.RequestAborted) : null;
            return gone is null ? Problems.NotFound("audit entry", entry) : Problems.Of(gone);
        }
        var isRevealed = disclosure == Disclosure.Everything;
        if (isRevealed && await reveals.RecordAsync(context, [view]) is { } refusal)
            return refusal;
        return TypedResults.Json(Answer(view, isRevealed), ContractJson.Wire.EntryAnswer);
    }

    /// <summary>
    /// The answer to a query that is wrong, or whose entries are not for the caller: who may read the log of some projects names the
    /// one he wants, and learns of others nothing, not even how many entries they have.
    /// </summary>
    private static IResult? Hidden(HttpContext context, AuditQuery query, List<FieldProblem> problems)
    {
        var project = query.Project ?? "";
        var isHidden = !context.Plan().AllowsWhole("audit", project);
        if (isHidden && project.Length == 0)
            problems.Add(new FieldProblem("/project", "is required: you may read the log of single projects"));
        return problems.Count > 0 ? Problems.Of(new Error.Invalid(problems))
            : isHidden ? Problems.NotFound("project", project)
            : null;
    }

    private static AuditQuery Read(HttpContext context, List<FieldProblem> problems)
    {
        var actions = context
            .Request.Query["action"]
            .OfType<string>()
            .SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .SelectMany(Catalogue.Expand)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        foreach (var unknown in actions.Where(action => !Catalogue.Contains(action)))
            problems.Add(new FieldProblem("/action", $"'{unknown}' is not in the catalogue"));
        ResourceKind? kind = null;
        if (Paging.Text(context, "kind") is { } kindName && (kind = ResourceKinds.Parse(kindName)) is null)
            problems.Add(new FieldProblem("/kind", $"'{kindName}' is not a kind of resource"));
        var flag = Paging.Text(context, "flag");
        var key = Paging.Text(context, "key");
        if (key is not null && kind is null)
            problems.Add(new FieldProblem("/key", "needs a kind"));
        if (flag is not null && (kind is not null || key is not null))
            problems.Add(new FieldProblem("/flag", "stands alone: it means kind=flag and key"));
        return new AuditQuery
        {
            Project = Paging.Text(context, "project"),
            ResourceKind = flag is null ? kind : ResourceKind.Flag,
            ResourceKey = flag ?? key,
            ResourceId = Paging.Text(context, "resource"),
            Actions = actions,
            Succeeded = Paging.Truth(context, "succeeded", problems),
            Actor = Paging.Text(context, "actor"),
            ActorKind = Paging.Name<Core.Access.ActorKind>(context, "actorKind", problems) is { } actorKind
                ? WireNames.Of(actorKind)
                : null,
            Environment = Paging.Text(context, "environment"),
            Ticket = Paging.Text(context, "ticket"),
            Incident = Paging.Text(context, "incident"),
            ChangeRequest = Paging.Text(context, "changeRequest"),
            Text = SearchText(context, problems),
            Imported = Paging.Truth(context, "imported", problems),
            Import = Paging.Text(context, "import"),
            From = Paging.Time(context, "from", problems),
            To = Paging.Time(context, "to", problems),
        };
    }

    private static string? SearchText(HttpContext context, List<FieldProblem> problems)
    {
        if (Paging.Text(context, "text") is not { } text)
            return null;
        if (text.Length > TextQuery.MaxLength)
            problems.Add(new FieldProblem("/text", $"has more than {TextQuery.MaxLength} characters"));
        else if (TextQuery.Parse(text).Phrases.Count == 0)
            problems.Add(new FieldProblem("/text", "must have a word: a letter or a digit"));
        return text;
    }
}

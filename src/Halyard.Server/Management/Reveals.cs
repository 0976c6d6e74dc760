using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Ledger;
using Halyard.Server.Authentication;
using Halyard.Server.Hosting;

namespace Halyard.Server.Management;

/// <summary>
/// Shows personal values to those who ask for them by <c>reveal=true</c> and may see them. The entry that says who saw what is durable
/// before the answer leaves.
/// </summary>
internal sealed class Reveals(ChangeService changes, Reauthentication reauthentication, HalyardOptions options)
{
    /// <summary>The parameter.</summary>
    public const string Parameter = "reveal";

    private const string Action = "audit.reveal";
    private const string EntryType = "audit.revealed";

    /// <summary>What whoever may read the log sees without asking for more.</summary>
    public Disclosure Everyday => options.Privacy.ShowReasons ? Disclosure.Reasons : Disclosure.Nothing;

    /// <summary>Reads whether everything is asked for. Whoever misspells it sees less, and is told.</summary>
    public Disclosure Wanted(HttpContext context, List<FieldProblem> problems) =>
        Paging.Truth(context, Parameter, problems) == true ? Disclosure.Everything : Everyday;

    /// <summary>Whether the values of the past are asked for; the present shows its own.</summary>
    public bool IsAsked(HttpContext context, DateTimeOffset? at, List<FieldProblem> problems)
    {
        if (Wanted(context, problems) != Disclosure.Everything)
            return false;
        if (at is null)
            problems.Add(new FieldProblem("/reveal", "needs at: what is live shows its values as it is"));
        return true;
    }

    /// <summary>Records that entries are shown with their personal values; what comes back is to be answered instead.</summary>
    public Task<IResult?> RecordAsync(HttpContext context, IReadOnlyList<EntryView> entries)
    {
        var shown = entries.Where(view => view.Values.Count > 0 || view.SubjectName is not null).ToList();
        var fields = shown.SelectMany(view => view.Values).Select(value => Field(value.Pointer));
        var details = new CanonicalWriter(256).StartObject();
        details.Name("entries").StartArray();
        foreach (var view in shown)
            details.Number(view.Entry.Index);
        details.EndArray().Name("fields").StartArray();
        foreach (var field in fields.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            details.String(field);
        details.EndArray().EndObject();
        var words = $"personal values of {shown.Count} audit entries looked at";
        return RecordAsync(context, new ChangeEvent(EntryType, words) { Details = details.ToArray() }, "");
    }

    /// <summary>Records that resources are shown as they were, with their personal values.</summary>
    public Task<IResult?> RecordAsync(
        HttpContext context,
        string project,
        DateTimeOffset at,
        IReadOnlyCollection<ResourceName> names
    )
    {
        var details = new CanonicalWriter(256).StartObject();
        details.Name("at").String(Evaluation.Definitions.Rfc3339.Format(at));
        details.Name("resources").StartArray();
        foreach (var name in names)
            details.StartObject().Name("key").String(name.Key).Name("kind").String(name.Kind.Name()).EndObject();
        details.EndArray().EndObject();
        var happened = new ChangeEvent(EntryType, $"personal values of {names.Count} resources as they were looked at")
        {
            About = [.. names.Take(ChangeEvent.MaxAbout)],
            Details = details.ToArray(),
        };
        return RecordAsync(context, happened, project);
    }

    /// <summary>The values of an entry on the wire.</summary>
    public static IReadOnlyList<RevealedAnswer> Answer(EntryView view) =>
        [
            .. view.Values.Select(value => new RevealedAnswer(
                value.Pointer,
                value.Commitment,
                System.Text.Json.JsonSerializer.Deserialize(value.Value, ContractJson.Wire.JsonElement)
            )),
        ];

    /// <summary>What is personal of an entry by its name; in documents no more than that, for a pointer may name an environment or a rule.</summary>
    private static string Field(string pointer) =>
        pointer is "/why/reason" or "/origin/reason" or "/req/ip" or "/req/ua" or "/meta/person/email" or "/meta/person/name"
            ? pointer
            : "document";

    private async Task<IResult?> RecordAsync(HttpContext context, ChangeEvent happened, string project)
    {
        var caller = context.Caller();
        if (reauthentication.Demand(caller.Actor, Action) is { } demand)
            return Problems.Of(demand);
        var submission = new Submission(caller.Actor, caller.Request, Change.Record(Action, project, happened));
        var result = await changes.SubmitAsync(submission, context.RequestAborted);
        return !result.TryGet(out var outcome, out var error) ? Problems.Of(error)
            : outcome is Outcome.Applied ? null
            : Submissions.Answer(outcome);
    }
}

using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Changes;

/// <summary>The question that policies see and the log keeps: who, what kind of change, on what, reaching where. No personal values.</summary>
internal static class DecisionInput
{
    private const int MaxKept = 8 * 1024;

    // One a thread: its buffer would be most of what writing a question allocates.
    [ThreadStatic]
    private static CanonicalWriter? _threadsWriter;

    /// <summary>The question whether a change may take effect, or an event be recorded.</summary>
    public static byte[] Write(
        Actor actor,
        Change change,
        StepEdits step,
        Impact impact,
        IReadOnlyList<Check> checks,
        DateTimeOffset now
    )
    {
        // Taken while it is used, and left behind where a question without its like made it large.
        var writer = _threadsWriter?.Clear() ?? new CanonicalWriter(2_048);
        _threadsWriter = null;
        writer.StartObject();
        writer.Name("action").String(change.Action);
        Questions.Write(writer, actor);
        WriteStrings(writer, "changes", ActionsOf(step.Changes));
        Questions.Write(writer, checks);
        writer.Name("environments").StartArray();
        foreach (var environment in impact.Environments)
        {
            writer.StartObject();
            writer.Name("key").String(environment.Key);
            writer.Name("type").String(WireNames.Of(environment.Type)).EndObject();
        }
        writer.EndArray();
        WriteStrings(writer, "flags", impact.Flags);
        if (change.Incident is { } incident)
            writer.Name("incident").String(incident);
        writer.Name("project").String(change.Project);
        writer.Name("resources").StartArray();
        foreach (var edit in step.Edits)
            WriteResource(writer, edit, change.Steps[0].Operations);
        writer.EndArray();
        writer.Name("tenant").String(actor.Tenant);
        if (change.Ticket is { } ticket)
            writer.Name("ticket").String(ticket);
        writer.Name("time").Number(now.ToUnixTimeSeconds());
        var question = writer.EndObject().ToArray();
        if (question.Length <= MaxKept)
            _threadsWriter = writer;
        return question;
    }

    private static IReadOnlyList<string> ActionsOf(IReadOnlyList<SemanticChange> changes) =>
        changes is [var only]
            ? [only.Action]
            : [.. changes.Select(item => item.Action).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static void WriteResource(CanonicalWriter writer, ResourceEdit edit, IReadOnlyList<Operation> operations)
    {
        writer.StartObject();
        writer.Name("id").String((edit.Before?.Resource ?? edit.After)!.Id);
        writer.Name("key").String(edit.Name.Key);
        writer.Name("kind").String(edit.Name.Kind.Name());
        // Approval policies are asked about them; whoever simulates others later must know them as they were.
        WriteStrings(writer, "operations", ApprovalQuestion.NamesOf(operations, edit.Name));
        // Tags decide exemptions: those that the flag had before count, not those that the change gives it.
        if (edit.Before?.Resource is Flag flag)
            WriteStrings(writer, "tags", flag.Tags);
        writer.EndObject();
    }

    private static void WriteStrings(CanonicalWriter writer, string member, IReadOnlyList<string> values)
    {
        writer.Name(member).StartArray();
        for (var i = 0; i < values.Count; i++)
            writer.String(values[i]);
        writer.EndArray();
    }
}

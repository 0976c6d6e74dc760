using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Policies.Checks;

/// <summary>The newest evidence of one check about one thing; the log has all that came before.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Project">The project.</param>
/// <param name="About">What it is about: the id of a change request, or <c>flag/environment</c>.</param>
/// <param name="Definition">The revision of the check's definition that it was judged by.</param>
/// <param name="Evidence">What was found.</param>
/// <param name="Measures">The numbers that were measured, by name.</param>
public sealed record EvidenceRecord(
    string Id,
    string Project,
    string About,
    long Definition,
    Evidence Evidence,
    Sequence<CheckNumber> Measures
) : Resource(Id, NameOf(Project, Evidence.Check, About))
{
    /// <summary>Where the evidence is found.</summary>
    public static ResourceName NameOf(string project, string check, string about) =>
        new(ResourceKind.Evidence, project, $"{check}/{about}");

    /// <summary>What a flag's configuration in an environment is called.</summary>
    public static string AboutFlag(string flag, string environment) => $"{flag}/{environment}";

    /// <summary>
    /// What it says of a subject now, under the check's definition of now; a pass only where it is of this very subject, fresh and
    /// judged by that definition.
    /// </summary>
    public static CheckOutcome Judge(
        string check,
        EvidenceRecord? record,
        CheckSubject subject,
        long definition,
        DateTimeOffset now
    )
    {
        if (record is not null && record.Definition != definition)
            return CheckOutcome.Unknown($"'{check}' was defined anew since it was run");
        // A reporter's clock may be a little ahead.
        var found =
            record?.Evidence is { } evidence && evidence.ObservedAt > now ? evidence with { ObservedAt = now } : record?.Evidence;
        return Evidence.Judge(check, found is null ? [] : [found], subject, now);
    }

    /// <summary>The number of a name, if the evidence says anything of the subject now.</summary>
    public static Measured Number(
        string check,
        EvidenceRecord? record,
        string name,
        CheckSubject subject,
        long definition,
        DateTimeOffset now
    )
    {
        var isOfThis = record is not null && record.Definition == definition && record.Evidence.Subject == subject;
        if (!isOfThis)
            return Measured.Missing($"'{check}' was not run on this configuration at this revision");
        if (record!.Evidence.ExpiresAt <= now)
            return Measured.Missing(
                $"'{check}' was last run at {Rfc3339.Format(record.Evidence.ObservedAt)}, which is too long ago"
            );
        return record.Measures.FirstOrDefault(number => number.Name == name) is { } found
            ? Measured.Of(found.Value)
            : Measured.Missing($"'{check}' did not measure it");
    }

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not one of evidence: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.Evidence)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        var isDigest = Digest.TryParse(json.RequiredString("value", int.MaxValue), out var value);
        var subject = new CheckSubject(json.OptionalString("environment", int.MaxValue), json.RequiredLong("revision", 0), value);
        var evidence = new Evidence(
            json.RequiredString("check", int.MaxValue),
            subject,
            json.RequiredString("source", int.MaxValue),
            json.OptionalTime("observedAt") ?? default,
            json.OptionalTime("expiresAt") ?? default,
            new CheckOutcome(json.RequiredEnum<CheckResult>("result"), json.OptionalString("words", int.MaxValue))
        );
        var record = new EvidenceRecord(
            json.RequiredString("id", int.MaxValue),
            name.Project,
            json.RequiredString("about", int.MaxValue),
            json.RequiredLong("definition", 0),
            evidence,
            json["measures"].Members().Select(item => new CheckNumber(item.Name, CheckJson.ReadNumber(item.Value))).ToSequence()
        );
        return isDigest && problems.Count == 0
            ? record
            : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("about", About);
        writer.WriteString("check", Evidence.Check);
        writer.WriteNumber("definition", Definition);
        writer.WriteString("environment", Evidence.Subject.Environment);
        writer.WriteString("expiresAt", Rfc3339.Format(Evidence.ExpiresAt));
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        writer.WriteStartObject("measures");
        foreach (var number in Measures)
            writer.WriteNumber(number.Name, number.Value);
        writer.WriteEndObject();
        writer.WriteString("observedAt", Rfc3339.Format(Evidence.ObservedAt));
        writer.WriteString("result", WireNames.Of(Evidence.Outcome.Result));
        writer.WriteNumber("revision", Evidence.Subject.Revision);
        writer.WriteString("source", Evidence.Source);
        writer.WriteString("value", Evidence.Subject.Value.ToString());
        writer.WriteString("words", Evidence.Outcome.Words);
    }
}

/// <summary>A number that was measured; finite.</summary>
public sealed record CheckNumber(string Name, double Value);

/// <summary>Records what a check came to.</summary>
/// <param name="About">What it is about.</param>
/// <param name="Definition">The revision of the check's definition that it was judged by.</param>
/// <param name="Evidence">What was found.</param>
/// <param name="Measures">The numbers, by name in ordinal order.</param>
public sealed record RecordEvidence(string About, long Definition, Evidence Evidence, Sequence<CheckNumber> Measures) : Operation
{
    /// <summary>
    /// Whether its source was asked just now: then it stands for what was known, whenever it was seen. A report must be newer than that.
    /// </summary>
    public bool WasAsked { get; init; }

    /// <inheritdoc/>
    public override ResourceName Target(string project) => EvidenceRecord.NameOf(project, Evidence.Check, About);
}

/// <summary>Applies evidence to a workspace. Pure.</summary>
public static class EvidenceEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        if (operation is not RecordEvidence record)
            return false;
        var known = workspace.Get<EvidenceRecord>(record.Target(workspace.Project));
        var next = new EvidenceRecord(
            known?.Id ?? workspace.NewId(),
            workspace.Project,
            record.About,
            record.Definition,
            record.Evidence,
            record.Measures
        );
        if (workspace.RevisionOf(CheckDefinition.NameOf(record.Evidence.Check)) != record.Definition)
            workspace.Problems.Add(new FieldProblem(pointer, $"was judged by another definition of '{record.Evidence.Check}'"));
        // What is sent again changes nothing; what is older than what is known was sent again by somebody else.
        if (!record.WasAsked && known is not null && known != next && known.Evidence.ObservedAt >= record.Evidence.ObservedAt)
            workspace.Problems.Add(
                new FieldProblem(pointer, $"is not newer than what was seen at {Rfc3339.Format(known.Evidence.ObservedAt)}")
            );
        workspace.Put(next);
        return true;
    }

    /// <summary>What a difference between two states means; <see langword="null"/> for other resources.</summary>
    public static SemanticChange? Compare(Resource? before, Resource? after) =>
        after is EvidenceRecord now && before != after
            ? new(
                "check.reported",
                null,
                $"check '{now.Evidence.Check}' on {now.About}: {WireNames.Of(now.Evidence.Outcome.Result)}"
                    + (now.Evidence.Outcome.Words.Length > 0 ? $" ({now.Evidence.Outcome.Words})" : "")
            )
            : null;
}

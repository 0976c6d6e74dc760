using System.Globalization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags.Differences;

/// <summary>Compares a resource before and after, and names every semantic change.</summary>
public static class Differ
{
    private const string Unknown = "unknown";

    /// <summary>Everything that differs; empty where nothing does. Either side may be absent, not both.</summary>
    public static IReadOnlyList<SemanticChange> Compare(Resource? before, Resource? after)
    {
        var changes = new ChangeList();
        switch (before ?? after)
        {
            case Flag:
                FlagDiffer.Compare(changes, (Flag?)before, (Flag?)after);
                break;
            case Segment:
                SegmentDiffer.Compare(changes, (Segment?)before, (Segment?)after);
                break;
            case ProjectEnvironment:
                Compare(changes, (ProjectEnvironment?)before, (ProjectEnvironment?)after);
                break;
            case Project:
                Compare(changes, (Project?)before, (Project?)after);
                break;
            case Tenant tenant when before is null:
                changes.Add("tenant.created", $"tenant {ChangeList.Quote(tenant.Name.Key)} created");
                break;
            case HistoryImport when before is null || before != after:
                Compare(changes, (HistoryImport?)after);
                break;
        }
        return changes.Changes;
    }

    private static void Compare(ChangeList changes, HistoryImport? after)
    {
        var word = after is null or { Finished: true } ? "finished" : "started";
        changes.Add($"job.{word}", after is null ? "import removed" : $"import of {after.Lines} past changes {word}");
    }

    private static void Compare(ChangeList changes, Project? before, Project? after)
    {
        if (before is null)
        {
            changes.Add("project.created", $"project {ChangeList.Quote(after!.Name.Key)} created");
            return;
        }
        changes.Replaced("project.updated", "name", before.Title, after!.Title);
        changes.Replaced("project.updated", "description", before.Description, after.Description);
    }

    private static void Compare(ChangeList changes, ProjectEnvironment? before, ProjectEnvironment? after)
    {
        if (before is null || after is null)
        {
            var environment = (before ?? after)!;
            var type = WireNames.Of(environment.Type);
            changes.Add(
                before is null ? "environment.created" : "environment.deleted",
                $"{type} environment {ChangeList.Quote(environment.Key)} {(before is null ? "created" : "deleted")}"
            );
            return;
        }
        if (before.Enabled != after.Enabled)
            changes.Add(
                after.Enabled ? "environment.enabled" : "environment.disabled",
                $"environment {ChangeList.Quote(after.Key)} {(after.Enabled ? "enabled" : "disabled")}"
            );
        changes.Replaced("environment.updated", "name", before.Title, after.Title);
        changes.Replaced("environment.updated", "type", WireNames.Of(before.Type), WireNames.Of(after.Type));
        changes.Replaced("environment.updated", "order", $"{before.Order}", $"{after.Order}");
        changes.Replaced("environment.updated", "risk level", Words(before.RiskLevel), Words(after.RiskLevel));
        changes.Replaced("environment.updated", "estimated users", Words(before.EstimatedUsers), Words(after.EstimatedUsers));
    }

    private static string Words(RiskLevel? risk) => risk is { } level ? WireNames.Of(level) : Unknown;

    private static string Words(long? users) => users?.ToString(CultureInfo.InvariantCulture) ?? Unknown;
}

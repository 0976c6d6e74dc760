using Halyard.Core;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;

namespace Halyard.Server.Management;

/// <summary>Which flags a list shows; every filter that is set narrows.</summary>
internal sealed record FlagFilter(
    string? Text,
    string? Tag,
    string? Owner,
    FlagStatus? Status,
    FlagKind? Kind,
    ProjectEnvironment? Environment,
    bool? Enabled,
    string? Segment
)
{
    /// <summary>Reads the filter from the address.</summary>
    public static async ValueTask<FlagFilter> ReadAsync(
        HttpContext context,
        ProjectReader reader,
        string project,
        List<FieldProblem> problems
    )
    {
        var key = Paging.Text(context, "environment");
        var enabled = Paging.Truth(context, "enabled", problems);
        ProjectEnvironment? environment = null;
        if (key is not null)
        {
            var name = ProjectEnvironment.NameOf(project, key);
            var tenant = context.Caller().Actor.Tenant;
            // With ?at= the environment may be gone by now; it is the one of that time that counts.
            var at = Paging.Time(context, "at", []);
            environment = at is null
                ? (await reader.FindAsync(tenant, name, context.RequestAborted))?.Resource as ProjectEnvironment
                : (
                    await reader.AtAsync(
                        tenant,
                        ResourceKind.Environment,
                        project,
                        at.Value,
                        reveal: false,
                        context.RequestAborted
                    )
                )
                    .Select(view => view.Resource)
                    .OfType<ProjectEnvironment>()
                    .FirstOrDefault(item => item.Key == key);
            if (environment is null)
                problems.Add(new FieldProblem("/environment", $"there is no environment '{key}'"));
        }
        else if (enabled is not null)
        {
            problems.Add(new FieldProblem("/enabled", "needs an environment"));
        }
        return new FlagFilter(
            Paging.Text(context, "q"),
            Paging.Text(context, "tag"),
            Paging.Text(context, "owner"),
            Paging.Name<FlagStatus>(context, "status", problems),
            Paging.Name<FlagKind>(context, "kind", problems),
            environment,
            enabled,
            Paging.Text(context, "segment")
        );
    }

    /// <summary>Whether the flag is shown; by what is hidden in an environment nobody filters.</summary>
    public bool Matches(Resource resource, EnvironmentSight sight) =>
        resource is Flag flag
        && (Text is null || Contains(flag.Definition.Key) || Contains(flag.Title) || Contains(flag.Description))
        && (Tag is null || flag.Tags.Contains(Tag))
        && (Owner is null || flag.Owner == Owner)
        && (Status is null || flag.Definition.Status == Status)
        && (Kind is null || flag.Kind == Kind)
        && (
            Environment is null
            || Enabled is null
            || (sight.Shows(flag, Environment.Key) && flag.In(Environment).Settings.Enabled == Enabled)
        )
        && (Segment is null || flag.Environments.Any(item => sight.Shows(flag, item.Key) && Names(item.Value, Segment)));

    private static bool Names(FlagConfiguration configuration, string segment) =>
        References.Segments(configuration.Settings).Contains(segment, StringComparer.Ordinal);

    private bool Contains(string text) => text.Contains(Text!, StringComparison.OrdinalIgnoreCase);
}

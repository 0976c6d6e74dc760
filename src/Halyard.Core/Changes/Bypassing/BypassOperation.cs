using System.Text.Json.Nodes;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Bypassing;

/// <summary>What somebody wants done in an emergency: to one flag in one environment. Closed.</summary>
/// <param name="Project">The project's key.</param>
/// <param name="Flag">The flag's key.</param>
/// <param name="Environment">The environment's key.</param>
public abstract record BypassOperation(string Project, string Flag, string Environment)
{
    /// <summary>The wire name of <see cref="ServeFallback"/>.</summary>
    public const string FallbackName = "serveFallback";

    /// <summary>The wire name of <see cref="ServeLastGood"/>.</summary>
    public const string LastGoodName = "serveLastGood";

    /// <summary>Switches off, with the variant that was declared for emergencies.</summary>
    public sealed record ServeFallback(string Project, string Flag, string Environment)
        : BypassOperation(Project, Flag, Environment);

    /// <summary>Returns to the newest configuration before the present one that no bypass made.</summary>
    public sealed record ServeLastGood(string Project, string Flag, string Environment)
        : BypassOperation(Project, Flag, Environment);

    /// <summary>An ordinary operation.</summary>
    public sealed record Ordinary(string Project, string Flag, string Environment, Operation Operation)
        : BypassOperation(Project, Flag, Environment);

    /// <summary>What one came to when it was asked for.</summary>
    internal sealed record Prepared(string Project, string Flag, string Environment, IReadOnlyList<Operation> Operations)
        : BypassOperation(Project, Flag, Environment);

    /// <summary>Reads one: an operation of a change with its <c>project</c>, or one of the two that only emergencies know.</summary>
    public static BypassOperation? Read(JsonCursor json)
    {
        if (json.Element.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            json.Problem("must be an object");
            return null;
        }
        var project = json.RequiredKey("project");
        var name = json.RequiredString("op", Limits.Identifier);
        if (name is FallbackName or LastGoodName)
        {
            json.IsObject("op", "project", "flag", "environment");
            var (flag, environment) = (json.RequiredKey("flag"), json.RequiredKey("environment"));
            return name == FallbackName
                ? new ServeFallback(project, flag, environment)
                : new ServeLastGood(project, flag, environment);
        }
        var operation = OperationJson.Read(json.Without("project"));
        return operation switch
        {
            null => null,
            ConfigurationOperation one => new Ordinary(project, one.Flag, one.Environment, one),
            RevertToRevision { Environment: { } environment } revert => new Ordinary(project, revert.Flag, environment, revert),
            _ => Misplaced(json),
        };
    }

    /// <summary>The operations that it comes to; the error where it comes to none.</summary>
    /// <param name="settings">How the flag is configured there now.</param>
    /// <param name="lastGood">The revision of the flag to return to, or <see langword="null"/> where none is known.</param>
    internal Result<IReadOnlyList<Operation>> Expand(FlagEnvironment settings, long? lastGood) =>
        this switch
        {
            Ordinary ordinary => new List<Operation> { ordinary.Operation },
            Prepared prepared => new List<Operation>(prepared.Operations),
            ServeLastGood when lastGood is { } revision => new List<Operation> { Revert(Flag, Environment, revision) },
            ServeLastGood => Error.Invalid.At("/operation", "there is no earlier configuration that is known to be good"),
            ServeFallback when settings.FallbackVariant is { } variant => SwitchOff(Flag, Environment, variant),
            _ => Error.Invalid.At("/operation", "no variant was declared for emergencies (setFallbackVariant)"),
        };

    /// <summary>Returns to an earlier revision there.</summary>
    internal static Operation Revert(string flag, string environment, long revision) =>
        new RevertToRevision(flag, revision, environment)
        {
            Source = Source("revertToRevision", flag, environment, ("revision", revision)),
        };

    /// <summary>Switches off there, with a variant where one is named.</summary>
    internal static List<Operation> SwitchOff(string flag, string environment, string? variant)
    {
        List<Operation> operations = [];
        if (variant is not null)
            operations.Add(ServeOff(flag, environment, variant));
        operations.Add(
            new SetEnabled(flag, environment, false) { Source = Source("setEnabled", flag, environment, ("enabled", false)) }
        );
        return operations;
    }

    /// <summary>What undoes an effect; nothing where nothing is to be done.</summary>
    /// <param name="effect">What was done.</param>
    /// <param name="how">How it is undone.</param>
    /// <param name="now">The configuration of now.</param>
    internal static IReadOnlyList<Operation> Undo(BypassEffect effect, Restoration how, FlagEnvironment now)
    {
        var (flag, environment) = (effect.Flag, effect.Environment.Key);
        switch (how)
        {
            case Restoration.Due { StaysOff: true } due:
                return [Revert(flag, environment, effect.Restore), .. SwitchOff(flag, environment, due.Target.OffVariant)];
            case Restoration.Due:
                return [Revert(flag, environment, effect.Restore)];
            case Restoration.Partly partly:
                var variant = partly.Target.OffVariant == now.OffVariant ? null : partly.Target.OffVariant;
                return partly.Target.Enabled == now.Enabled
                    ? [ServeOff(flag, environment, variant!)]
                    : SwitchOff(flag, environment, variant);
            default:
                return [];
        }
    }

    private static SetOffVariant ServeOff(string flag, string environment, string variant) =>
        new(flag, environment, variant) { Source = Source("setOffVariant", flag, environment, ("variant", variant)) };

    private static string Source(string op, string flag, string environment, (string Name, JsonNode Value) member) =>
        new JsonObject
        {
            ["op"] = op,
            ["flag"] = flag,
            ["environment"] = environment,
            [member.Name] = member.Value,
        }.ToJsonString();

    private static BypassOperation? Misplaced(JsonCursor json)
    {
        json["op"].Problem("must concern one flag in one environment: an emergency changes nothing else");
        return null;
    }
}

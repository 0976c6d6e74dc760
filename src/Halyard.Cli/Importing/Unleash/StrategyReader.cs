using System.Globalization;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Unleash;

/// <summary>Reads whom an activation strategy is for.</summary>
internal sealed class StrategyReader(ConstraintReader constraints, AttributeKinds kinds, UnleashSegments segments)
{
    private const string RemoteAddress = "remoteAddress";

    /// <summary>The ways into a strategy, asked one after the other; none where it is for nobody.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="feature">The feature's name.</param>
    /// <param name="gaps">What has no equivalent.</param>
    public IReadOnlyList<Admission> Read(SourceNode strategy, string feature, ICollection<Gap> gaps)
    {
        var conditions = Formula.All(constraints.ReadAll(strategy, gaps), segments.ReadAll(strategy, gaps));
        var ways = ReadOwn(strategy, feature, gaps);
        return [.. ways.Select(way => way with { When = Formula.All(conditions, way.When) })];
    }

    private IReadOnlyList<Admission> ReadOwn(SourceNode strategy, string feature, ICollection<Gap> gaps)
    {
        var name = strategy.Text("name") ?? strategy.RequiredText("strategyName");
        return name switch
        {
            "default" => [Admission.Of(Formula.True)],
            "userWithId" => [Admission.Of(Comparisons.IsOneOf(AttributeKinds.TargetingKey, Listed("userIds")))],
            "remoteAddress" => [Admission.Of(IsAt(Listed("IPs")))],
            "gradualRolloutUserId" => Gradual("percentage", Stickiness.User, Parameter("groupId")),
            "gradualRolloutSessionId" => Gradual("percentage", Stickiness.OfSession, Parameter("groupId")),
            "gradualRolloutRandom" => Gradual("percentage", Stickiness.Chance, feature),
            "flexibleRollout" => Gradual(
                "rollout",
                Stickiness.Read(Parameter("stickiness")),
                Parameter("groupId") is { Length: > 0 } group ? group : feature
            ),
            "applicationHostname" => Gap("a strategy that asks for the name of the machine that the SDK runs on"),
            _ => Gap($"the strategy '{name}', which the application itself defines"),
        };

        string? Parameter(string parameter) => strategy["parameters"]?.TextOrNumber(parameter);

        IEnumerable<string> Listed(string parameter) =>
            (Parameter(parameter) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        IReadOnlyList<Admission> Gradual(string parameter, Stickiness stickiness, string? group)
        {
            if (
                !int.TryParse(Parameter(parameter), NumberStyles.None, CultureInfo.InvariantCulture, out var share)
                || share > 100
            )
                return Gap("a share that is no whole number of percent from 0 to 100");
            if (group is null)
                return Gap("a gradual rollout without a group id, on which Unleash's SDKs differ");
            if (stickiness.Attributes.Count == 0 && share is > 0 and < 100)
                return Gap("a share of users by chance, which is another one each time");
            foreach (var attribute in stickiness.Attributes)
                kinds.ExpectText(attribute, strategy.Pointer, gaps);
            return Admission.Gradual(share, group, stickiness);
        }

        IReadOnlyList<Admission> Gap(string what)
        {
            gaps.Add(new Gap(strategy.Pointer, what));
            return [];
        }
    }

    // Unleash passes over what is no address: client-specification 06, "Ignore invalid IP's in list".
    private static Formula IsAt(IEnumerable<string> addresses) =>
        Comparisons.Matches(
            RemoteAddress,
            ConditionOperator.Cidr,
            addresses.Where(address => Comparisons.Accepts(ConditionOperator.Cidr, address)).Select(FlagValue.Of)
        );
}

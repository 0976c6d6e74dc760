using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Checks;

/// <summary>
/// The promotion gates that a tenant put in force. Until there is this resource nothing stands in the way of a promotion but what stands
/// in the way of any change.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Gates">The gates; several between two types all count.</param>
/// <param name="Metrics">The check that measures <c>errorRate</c> and <c>successRate</c>, or <see langword="null"/>: then both are unknown.</param>
public sealed record PromotionGates(string Id, Sequence<PromotionGate> Gates, string? Metrics) : Resource(Id, Place)
{
    /// <summary>What gates call the share of errors.</summary>
    public const string ErrorRate = "errorRate";

    /// <summary>What gates call the share of successes.</summary>
    public const string SuccessRate = "successRate";

    private const string Key = "gates";
    private const int MaxGates = 50;
    private const int MaxMinutes = 365 * 24 * 60;
    private const int MaxApprovals = 20;

    private static readonly string[] Members =
    [
        "from",
        "to",
        "soakMinutes",
        "maxErrorRate",
        "minSuccessRate",
        "approvals",
        "approvers",
    ];

    /// <summary>Where they are found.</summary>
    public static ResourceName Place { get; } = new(ResourceKind.PromotionGates, "", Key);

    /// <summary>Reads <c>gates</c>, those that ship where there are none, and reports all that is wrong with them.</summary>
    public static Sequence<PromotionGate> ReadGates(JsonCursor json) =>
        json["gates"].Exists ? json.List("gates", MaxGates).Select(ReadGate).ToSequence() : PromotionGate.Shipped.ToSequence();

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not that of gates: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.PromotionGates)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        var gates = new PromotionGates(
            json.RequiredString("id", int.MaxValue),
            ReadGates(json),
            json.NullableString("metrics", int.MaxValue, minLength: 1)
        );
        return problems.Count == 0 ? gates : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }

    /// <summary>Writes <c>gates</c>.</summary>
    public static void WriteGates(Utf8JsonWriter writer, IEnumerable<PromotionGate> gates)
    {
        writer.WriteStartArray("gates");
        foreach (var gate in gates)
            Write(writer, gate);
        writer.WriteEndArray();
    }

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        WriteGates(writer, Gates);
        writer.WriteString("id", Id);
        writer.WriteString("key", Key);
        if (Metrics is not null)
            writer.WriteString("metrics", Metrics);
    }

    private static void Write(Utf8JsonWriter writer, PromotionGate gate)
    {
        writer.WriteStartObject();
        writer.WriteNumber("approvals", gate.Approvals);
        writer.WriteStartArray("approvers");
        foreach (var approver in gate.Approvers)
            writer.WriteStringValue(approver);
        writer.WriteEndArray();
        writer.WriteString("from", WireNames.Of(gate.From));
        if (gate.MaxErrorRate is { } most)
            writer.WriteNumber("maxErrorRate", most);
        if (gate.MinSuccessRate is { } least)
            writer.WriteNumber("minSuccessRate", least);
        writer.WriteNumber("soakMinutes", gate.Soak.TotalMinutes);
        writer.WriteString("to", WireNames.Of(gate.To));
        writer.WriteEndObject();
    }

    private static PromotionGate ReadGate(JsonCursor json)
    {
        json.IsObject(Members);
        var gate = new PromotionGate(
            json.RequiredEnum<EnvironmentType>("from"),
            json.RequiredEnum<EnvironmentType>("to"),
            TimeSpan.FromMinutes(json.RequiredInt("soakMinutes", 0, MaxMinutes)),
            Share(json["maxErrorRate"]),
            Share(json["minSuccessRate"]),
            json.OptionalInt("approvals", 0, 0, MaxApprovals)
        );
        if (json["approvers"].Exists)
            gate = gate with
            {
                Approvers = json.Strings("approvers", MaxApprovals, Limits.Identifier)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .ToSequence(),
            };
        if (gate.To <= gate.From)
            json["to"].Problem("must be a later type than from: nothing stands in the way back");
        if (gate is { Approvals: > 0, Approvers.Count: 0 })
            json["approvers"].Problem("must name whose approvals count");
        return gate;
    }

    private static double? Share(JsonCursor json) => json.Exists ? CheckJson.ReadNumber(json, 0, 1) : null;
}

/// <summary>Puts promotion gates in force, in the place of all that were.</summary>
public sealed record SetPromotionGates(Sequence<PromotionGate> Gates, string? Metrics) : Operation
{
    /// <summary>Its name where it waits for approval.</summary>
    public const string WireName = "setPromotionGates";

    /// <inheritdoc/>
    public override ResourceName Target(string project) => PromotionGates.Place;
}

/// <summary>Applies operations on promotion gates to a workspace. Pure.</summary>
public static class PromotionGatesEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        if (operation is not SetPromotionGates set)
            return false;
        if (set.Metrics is { } metrics && workspace.Get<CheckDefinition>(CheckDefinition.NameOf(metrics)) is null)
            workspace.Problems.Add(new FieldProblem($"{pointer}/metrics", $"there is no check '{metrics}'"));
        var id = workspace.Get<PromotionGates>(PromotionGates.Place)?.Id ?? workspace.NewId();
        workspace.Put(new PromotionGates(id, set.Gates, set.Metrics));
        return true;
    }

    /// <summary>What a difference between two states means; <see langword="null"/> for other resources.</summary>
    public static SemanticChange? Compare(Resource? before, Resource? after) =>
        (before, after) switch
        {
            (null, PromotionGates now) => new(
                "promotion_gates.created",
                null,
                $"promotions pass gates from now on: {Count(now)}"
            ),
            (PromotionGates was, PromotionGates now) when was != now => new(
                "promotion_gates.updated",
                null,
                $"promotion gates replaced: {Count(now)}"
            ),
            _ => null,
        };

    private static string Count(PromotionGates gates) => gates.Gates.Count == 1 ? "1 gate" : $"{gates.Gates.Count} gates";
}

using System.Text.Json;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Cli.History.OpenShift;

/// <summary>Reads events strictly: whatever the converter would have to guess is refused.</summary>
internal static class GateEventReader
{
    private const int MaxNames = 10_000;

    private static readonly string[] HeadMembers = ["seq", "commit", "time", "actor", "reason", "pr", "action"];

    /// <summary>The event in a line.</summary>
    /// <param name="line">One JSON object.</param>
    /// <param name="sequence">The number that the event must bear.</param>
    /// <exception cref="ConversionException">The line is not an event, or not the one that is due.</exception>
    public static GateEvent Read(ReadOnlySpan<byte> line, long sequence)
    {
        if (!CanonicalJson.TryCanonicalize(line, out var canonical, out var problem))
            throw new ConversionException(sequence, $"is not acceptable JSON: {problem}");
        using var document = JsonDocument.Parse(canonical);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(document.RootElement, problems);
        var number = json.RequiredLong("seq", 1);
        var read = Read(json);
        if (problems.Count > 0)
            throw new ConversionException(sequence, $"{problems[0].Message} (at '{problems[0].Pointer}')");
        if (number != sequence)
            throw new ConversionException(sequence, $"has the number {number}; {sequence} is due");
        return read!;
    }

    private static GateEvent? Read(JsonCursor json)
    {
        var head = new GateEventHead(
            json.RequiredString("time", Limits.Identifier),
            json.RequiredString("actor", Limits.Identifier),
            json.RequiredString("reason", Limits.Text),
            json.RequiredLong("pr", 1)
        );
        _ = json.RequiredString("commit", Limits.Identifier);
        switch (json.RequiredString("action", Limits.Identifier))
        {
            case "import":
                Allow(json, "environments", "flags", "state");
                return new StateImported(head, ReadStates(json));
            case "flag-created":
                Allow(json, "flag", "enabled_in");
                return new GateCreated(head, json.RequiredKey("flag"), Names(json, "enabled_in"));
            case "flag-updated":
                Allow(json, "flag", "environment", "before", "after");
                return new GateUpdated(
                    head,
                    json.RequiredKey("flag"),
                    json.RequiredString("environment", Limits.Identifier),
                    json.RequiredBool("before"),
                    json.RequiredBool("after")
                );
            case "flag-removed":
                Allow(json, "flag", "was_enabled_in");
                return new GateRemoved(head, json.RequiredKey("flag"), Names(json, "was_enabled_in"));
            case "environment-added":
                Allow(json, "environment", "state");
                return new EnvironmentAdded(
                    head,
                    ReadState(json.RequiredString("environment", Limits.Identifier), json["state"])
                );
            case "environment-removed":
                Allow(json, "environment");
                return new EnvironmentRemoved(head, json.RequiredString("environment", Limits.Identifier));
            case var other:
                json["action"].Problem($"'{other}' is not an action of this history");
                return null;
        }
    }

    private static void Allow(JsonCursor json, params ReadOnlySpan<string> members) =>
        json.IsObject([.. HeadMembers, .. members]);

    private static Sequence<string> Names(JsonCursor json, string member) =>
        json.Strings(member, MaxNames, Limits.Identifier, required: true);

    /// <summary>In the order of <c>environments</c>, which must name what <c>state</c> holds.</summary>
    private static List<EnvironmentState> ReadStates(JsonCursor json)
    {
        var names = Names(json, "environments");
        var states = names.Select(name => ReadState(name, json["state"][name])).ToList();
        json["state"].IsObject([.. names]);
        var gates = states.SelectMany(state => state.Gates.Keys).Distinct(StringComparer.Ordinal).Count();
        if (json.RequiredLong("flags", 0) is var announced && announced != gates)
            json["flags"].Problem($"announces {announced} flags; the state holds {gates}");
        return states;
    }

    private static EnvironmentState ReadState(string environment, JsonCursor json)
    {
        var gates = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        if (json.Element.ValueKind != JsonValueKind.Object)
        {
            json.Problem("must be an object of gates");
            return new EnvironmentState(environment, gates);
        }
        foreach (var member in json.Element.EnumerateObject())
        {
            if (!JsonCursor.IsKey(member.Name))
                json[member.Name].Problem($"'{member.Name}' cannot be the key of a flag");
            gates[member.Name] = json.RequiredBool(member.Name);
        }
        return new EnvironmentState(environment, gates);
    }
}

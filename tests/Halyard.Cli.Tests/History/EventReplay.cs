using System.Globalization;
using System.Text.Json;

namespace Halyard.Cli.Tests.History;

/// <summary>The raw events replayed as plainly as can be: <c>gate</c> for each gate and <c>gate environment</c> where it is enabled.</summary>
internal static class EventReplay
{
    public static SortedSet<string> At(IEnumerable<JsonElement> events, DateTimeOffset at)
    {
        var state = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var read in events)
        {
            if (DateTimeOffset.Parse(read.GetProperty("time").GetString()!, CultureInfo.InvariantCulture) > at)
                break;
            Apply(state, read);
        }
        return state;
    }

    private static void Apply(SortedSet<string> state, JsonElement read)
    {
        var gate = read.TryGetProperty("flag", out var flag) ? flag.GetString()! : "";
        var environment = read.TryGetProperty("environment", out var named) ? named.GetString()! : "";
        switch (read.GetProperty("action").GetString())
        {
            case "import":
                foreach (var added in read.GetProperty("state").EnumerateObject())
                    Add(state, added.Name, added.Value);
                break;
            case "environment-added":
                Add(state, environment, read.GetProperty("state"));
                break;
            case "environment-removed":
                state.RemoveWhere(item => item.EndsWith(' ' + environment, StringComparison.Ordinal));
                break;
            case "flag-created":
                state.Add(gate);
                state.UnionWith(read.GetProperty("enabled_in").EnumerateArray().Select(item => $"{gate} {item.GetString()}"));
                break;
            case "flag-updated":
                _ = read.GetProperty("after").GetBoolean()
                    ? state.Add($"{gate} {environment}")
                    : state.Remove($"{gate} {environment}");
                break;
            case "flag-removed":
                state.RemoveWhere(item => item == gate || item.StartsWith(gate + ' ', StringComparison.Ordinal));
                break;
            case var other:
                throw new InvalidDataException(other);
        }
    }

    private static void Add(SortedSet<string> state, string environment, JsonElement gates)
    {
        foreach (var gate in gates.EnumerateObject())
        {
            state.Add(gate.Name);
            if (gate.Value.GetBoolean())
                state.Add($"{gate.Name} {environment}");
        }
    }
}

/// <summary>Converted operations folded into the same form.</summary>
internal static class OperationFold
{
    public static SortedSet<string> At(IEnumerable<JsonElement> lines, DateTimeOffset at)
    {
        var state = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (DateTimeOffset.Parse(line.GetProperty("at").GetString()!, CultureInfo.InvariantCulture) > at)
                break;
            foreach (var operation in line.GetProperty("operations").EnumerateArray())
                Apply(state, operation);
        }
        return state;
    }

    private static void Apply(SortedSet<string> state, JsonElement operation)
    {
        string Text(string member) => operation.GetProperty(member).GetString()!;
        string Environment() => Text("environment").Replace('.', '/');
        switch (Text("op"))
        {
            case "createEnvironment":
                break;
            case "deleteEnvironment":
                state.RemoveWhere(item => item.EndsWith(' ' + Environment(), StringComparison.Ordinal));
                break;
            case "createFlag":
                state.Add(Text("flag"));
                foreach (var initial in operation.GetProperty("environments").EnumerateObject())
                    state.Add($"{Text("flag")} {initial.Name.Replace('.', '/')}");
                break;
            case "setEnabled":
                _ = operation.GetProperty("enabled").GetBoolean()
                    ? state.Add($"{Text("flag")} {Environment()}")
                    : state.Remove($"{Text("flag")} {Environment()}");
                break;
            case "deleteFlag":
                state.RemoveWhere(item => item == Text("flag") || item.StartsWith(Text("flag") + ' ', StringComparison.Ordinal));
                break;
            case var other:
                throw new InvalidDataException(other);
        }
    }
}

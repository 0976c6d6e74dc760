using System.Globalization;
using System.Text.Json;

namespace Halyard.Server.Tests.Reports;

/// <summary>When a gate was on, as plainly as can be said from the lines of a file: a state, and the line that made it so.</summary>
internal sealed class GateFold(string gate, string environment)
{
    private readonly List<Turn> _turns = [];
    private bool _touched;
    private bool _environment;
    private bool _gate;
    private bool _on;

    /// <summary>One state, when it began, and who made it so and why.</summary>
    public sealed record Turn(string State, DateTimeOffset At, string Actor, string Reason, string? Reference);

    /// <summary>Of a history file, which is in the repository.</summary>
    public static IReadOnlyList<Turn> OfHistory(string path, string gate, string environment)
    {
        var fold = new GateFold(gate, environment);
        foreach (var line in File.ReadLines(path))
        {
            var read = JsonSerializer.Deserialize<JsonElement>(line);
            foreach (var operation in read.GetProperty("operations").EnumerateArray())
                fold.Operate(operation);
            fold.Note(Time(read, "at"), Text(read, "actor"), Text(read, "reason"), Text(read, "ref"));
        }
        return fold._turns;
    }

    /// <summary>Of the event file that the history was made from.</summary>
    public static IReadOnlyList<Turn> OfEvents(string path, string gate, string environment)
    {
        var fold = new GateFold(gate, environment.Replace('.', '/'));
        foreach (var line in File.ReadLines(path))
        {
            var read = JsonSerializer.Deserialize<JsonElement>(line);
            fold.Happen(read);
            var reference = $"https://github.com/openshift/api/pull/{read.GetProperty("pr").GetInt32()}";
            fold.Note(Time(read, "time"), Text(read, "actor"), Text(read, "reason"), reference);
        }
        return fold._turns;
    }

    private void Operate(JsonElement operation)
    {
        bool Names(string member, string key) => operation.TryGetProperty(member, out var named) && named.GetString() == key;
        switch (Text(operation, "op"))
        {
            case "createEnvironment" when Names("environment", environment):
                (_touched, _environment, _on) = (true, true, false);
                break;
            case "deleteEnvironment" when Names("environment", environment):
                (_environment, _on) = (false, false);
                break;
            case "createFlag" when Names("flag", gate):
                (_touched, _gate) = (true, true);
                _on =
                    operation.GetProperty("environments").TryGetProperty(environment, out var own)
                    && own.GetProperty("enabled").GetBoolean();
                break;
            case "deleteFlag" when Names("flag", gate):
                (_gate, _on) = (false, false);
                break;
            case "setEnabled" when Names("flag", gate) && Names("environment", environment):
                _on = operation.GetProperty("enabled").GetBoolean();
                break;
        }
    }

    private void Happen(JsonElement read)
    {
        bool Names(string member, string key) => read.TryGetProperty(member, out var named) && named.GetString() == key;
        switch (Text(read, "action"))
        {
            case "import":
                foreach (var state in read.GetProperty("state").EnumerateObject())
                    Add(state.Name, state.Value);
                break;
            case "environment-added":
                Add(Text(read, "environment"), read.GetProperty("state"));
                break;
            case "environment-removed" when Names("environment", environment):
                (_environment, _on) = (false, false);
                break;
            case "flag-created" when Names("flag", gate):
                (_touched, _gate) = (true, true);
                _on = read.GetProperty("enabled_in").EnumerateArray().Any(item => item.GetString() == environment);
                break;
            case "flag-removed" when Names("flag", gate):
                (_gate, _on) = (false, false);
                break;
            case "flag-updated" when Names("flag", gate) && Names("environment", environment):
                _on = read.GetProperty("after").GetBoolean();
                break;
        }
    }

    private void Add(string added, JsonElement state)
    {
        var listed = state.TryGetProperty(gate, out var on);
        _touched |= listed || added == environment;
        _gate |= listed;
        if (added != environment)
            return;
        (_environment, _on) = (true, listed && on.GetBoolean());
    }

    private void Note(DateTimeOffset at, string actor, string reason, string? reference)
    {
        var state =
            !_touched ? "noFlag"
            : !_environment ? "noEnvironment"
            : !_gate ? "noFlag"
            : _on ? "on"
            : "off";
        if (state == (_turns.Count == 0 ? "noFlag" : _turns[^1].State))
            return;
        // What held for no time at all is not a period.
        if (_turns.Count > 0 && _turns[^1].At == at)
            _turns.RemoveAt(_turns.Count - 1);
        if (state != (_turns.Count == 0 ? "noFlag" : _turns[^1].State))
            _turns.Add(new Turn(state, at, actor, reason, reference));
    }

    private static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()!;

    private static DateTimeOffset Time(JsonElement json, string member) =>
        DateTimeOffset.Parse(Text(json, member), CultureInfo.InvariantCulture).ToUniversalTime();
}

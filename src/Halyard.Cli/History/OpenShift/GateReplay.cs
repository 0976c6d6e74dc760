namespace Halyard.Cli.History.OpenShift;

/// <summary>
/// The gates as the events leave them. Applying an event checks everything it says about the state before it, so that a history
/// with a gap or a slip is refused instead of being converted into another history.
/// </summary>
internal sealed class GateReplay
{
    private readonly SortedDictionary<string, SortedSet<string>> _enabled = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _gates = new(StringComparer.Ordinal);

    /// <summary>Every gate there is now, in ordinal order.</summary>
    public IReadOnlyCollection<string> Gates => _gates;

    /// <summary>The environments there are now, in ordinal order, each with its enabled gates in ordinal order.</summary>
    public IEnumerable<(string Environment, IReadOnlyCollection<string> Enabled)> Environments =>
        _enabled.Select(item => (item.Key, (IReadOnlyCollection<string>)item.Value));

    /// <summary>The environments in which a gate is enabled, in ordinal order.</summary>
    public IEnumerable<string> EnabledIn(string gate) =>
        _enabled.Where(item => item.Value.Contains(gate)).Select(item => item.Key);

    /// <summary>What contradicts the state before the event, in words; or <see langword="null"/>, and the event is applied.</summary>
    public string? Apply(GateEvent read) =>
        read switch
        {
            StateImported imported => Import(imported),
            GateCreated created => Create(created),
            GateUpdated updated => Update(updated),
            GateRemoved removed => Remove(removed),
            EnvironmentAdded added => Add(added.State),
            EnvironmentRemoved removed => _enabled.Remove(removed.Environment) ? null : Unknown(removed.Environment),
        };

    private string? Import(StateImported imported)
    {
        if (_enabled.Count > 0 || _gates.Count > 0)
            return "a state is imported into a history that has begun";
        _gates.UnionWith(imported.Environments.SelectMany(state => state.Gates.Keys));
        return imported.Environments.Select(Add).FirstOrDefault(problem => problem is not null);
    }

    private string? Create(GateCreated created)
    {
        if (created.EnabledIn.FirstOrDefault(name => !_enabled.ContainsKey(name)) is { } unknown)
            return Unknown(unknown);
        if (!_gates.Add(created.Gate))
            return $"creates gate '{created.Gate}', which exists already";
        foreach (var environment in created.EnabledIn)
            _enabled[environment].Add(created.Gate);
        return null;
    }

    private string? Update(GateUpdated updated)
    {
        if (!_gates.Contains(updated.Gate))
            return $"switches gate '{updated.Gate}', which does not exist";
        if (!_enabled.TryGetValue(updated.Environment, out var enabled))
            return Unknown(updated.Environment);
        var actual = enabled.Contains(updated.Gate);
        if (actual != updated.Before)
            return $"says that gate '{updated.Gate}' was {Word(updated.Before)} in '{updated.Environment}'; it was {Word(actual)}";
        if (updated.Before == updated.After)
            return $"leaves gate '{updated.Gate}' {Word(actual)} in '{updated.Environment}'";
        _ = updated.After ? enabled.Add(updated.Gate) : enabled.Remove(updated.Gate);
        return null;
    }

    private string? Remove(GateRemoved removed)
    {
        if (!_gates.Contains(removed.Gate))
            return $"removes gate '{removed.Gate}', which does not exist";
        var actual = EnabledIn(removed.Gate).ToList();
        if (!actual.SequenceEqual(removed.WasEnabledIn.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            return $"says that gate '{removed.Gate}' was enabled in [{string.Join(", ", removed.WasEnabledIn)}]; "
                + $"it was enabled in [{string.Join(", ", actual)}]";
        _gates.Remove(removed.Gate);
        foreach (var enabled in _enabled.Values)
            enabled.Remove(removed.Gate);
        return null;
    }

    private string? Add(EnvironmentState state)
    {
        if (_enabled.ContainsKey(state.Environment))
            return $"adds environment '{state.Environment}', which exists already";
        if (state.Gates.Keys.FirstOrDefault(gate => !_gates.Contains(gate)) is { } unknown)
            return $"lists gate '{unknown}' in '{state.Environment}', which does not exist";
        _enabled[state.Environment] = new(state.Gates.Where(gate => gate.Value).Select(gate => gate.Key), StringComparer.Ordinal);
        return null;
    }

    private static string Unknown(string environment) => $"names environment '{environment}', which does not exist";

    private static string Word(bool enabled) => enabled ? "enabled" : "disabled";
}

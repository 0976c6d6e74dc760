using System.Globalization;
using System.Text.Json;
using Halyard.Core.Audit;

namespace Halyard.Core.Reading;

/// <summary>What the leaves of a log say that the rows beside them must say too: how often each action happened, and who said what.</summary>
internal sealed class LeafTally
{
    private readonly Dictionary<string, long> _actions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _erased = new(StringComparer.Ordinal);
    private readonly List<(long Index, string Pointer, string Subject)> _missing = [];

    /// <summary>How many entries have each type or action.</summary>
    public IReadOnlyDictionary<string, long> Actions => _actions;

    /// <summary>Values that are not kept although nobody erased whom they belong to after they were written.</summary>
    public IEnumerable<StoreDifference> Missing =>
        _missing
            .Where(value => !_erased.TryGetValue(value.Subject, out var at) || at < value.Index)
            .Select(value => new StoreDifference(value.Index, null, $"has no value at {value.Pointer}, and nobody erased it"));

    /// <summary>Adds one leaf, and gives its time and when it took effect.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="bytes">The leaf, which was replayed and so is one of ours.</param>
    /// <param name="kept">The commitments of the values that are kept.</param>
    public (DateTimeOffset At, DateTimeOffset EffectiveAt) Add(long index, ReadOnlyMemory<byte> bytes, IReadOnlySet<string> kept)
    {
        using var parsed = JsonDocument.Parse(bytes);
        var leaf = parsed.RootElement;
        var type = leaf.GetProperty("type").GetString()!;
        var actions = leaf.GetProperty("actions").EnumerateArray().Select(action => action.GetString()!);
        foreach (var action in actions.Append(type).Distinct(StringComparer.Ordinal))
            _actions[action] = _actions.GetValueOrDefault(action) + 1;

        var actor = leaf.GetProperty("actor").GetProperty("sid").GetString()!;
        Require(leaf.GetProperty("why"), "reason", "/why/reason", actor);
        Require(leaf.GetProperty("req"), "ip", "/req/ip", actor);
        Require(leaf.GetProperty("req"), "ua", "/req/ua", actor);
        if (leaf.GetProperty("origin") is { ValueKind: JsonValueKind.Object } origin)
            Require(origin, "reason", "/origin/reason", origin.GetProperty("actor").GetString()!);
        if (type == Storage.CommitEffect.EraseSubjects.Type)
            AddErasure(index, leaf.GetProperty("meta"));
        var at = Time(leaf);
        return (at, leaf.GetProperty("origin") is { ValueKind: JsonValueKind.Object } past ? Time(past) : at);

        void Require(JsonElement of, string member, string pointer, string subject)
        {
            var place = of.GetProperty(member);
            if (
                place.ValueKind == JsonValueKind.Object
                && !kept.Contains(place.GetProperty(DocumentWalk.CommitmentMember).GetString()!)
            )
                _missing.Add((index, pointer, subject));
        }
    }

    private static DateTimeOffset Time(JsonElement of) =>
        DateTimeOffset.Parse(of.GetProperty("at").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private void AddErasure(long index, JsonElement meta)
    {
        if (!meta.TryGetProperty("details", out var details) || !details.TryGetProperty("subjects", out var subjects))
            return;
        foreach (var subject in subjects.EnumerateArray())
            _erased[subject.GetString()!] = index;
    }
}

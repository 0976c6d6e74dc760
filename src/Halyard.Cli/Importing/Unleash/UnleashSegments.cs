using System.Globalization;
using System.Text.Json;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Unleash;

/// <summary>The segments of a file, by the numbers that strategies name them with.</summary>
internal sealed class UnleashSegments
{
    private readonly Dictionary<int, string?> _keys = [];
    private readonly List<ImportedSegment> _segments = [];

    /// <summary>Reads them all, and notes those that have no equivalent.</summary>
    public UnleashSegments(IReadOnlyList<SourceNode> written, ConstraintReader constraints, NoteList notes)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var segment in written)
        {
            var id = segment.Whole("id") ?? throw new UnreadableSourceException($"the segment at '{segment.Pointer}' has no id");
            var name = segment.Text("name") ?? "";
            var key =
                JsonCursor.IsKey(name) && used.Add(name) ? name : string.Create(CultureInfo.InvariantCulture, $"segment-{id}");
            used.Add(key);
            var gaps = new List<Gap>();
            var rules = SegmentWriter.Rules([(constraints.ReadAll(segment, gaps), segment.Pointer)], gaps);
            foreach (var gap in gaps.Distinct())
                notes.LeaveOutSegment(key, gap.Pointer, gap.What);
            if (!_keys.TryAdd(id, gaps.Count == 0 ? key : null))
                throw new UnreadableSourceException($"two segments have the id {id}");
            if (gaps.Count == 0)
                _segments.Add(
                    new ImportedSegment(new SegmentDefinition(key, [], [], rules!.Value), name, segment.Text("description") ?? "")
                );
        }
    }

    /// <summary>Those that are imported.</summary>
    public IReadOnlyList<ImportedSegment> Imported => _segments;

    /// <summary>All segments that a strategy names; it is for nobody where it names one that there is not.</summary>
    public Formula ReadAll(SourceNode strategy, ICollection<Gap> gaps)
    {
        var all = new List<Formula>();
        foreach (var named in strategy.Items("segments"))
        {
            if (named.Element.ValueKind != JsonValueKind.Number || !named.Element.TryGetInt32(out var id))
                throw new UnreadableSourceException($"what is at '{named.Pointer}' is no segment's id");
            if (!_keys.TryGetValue(id, out var key))
                return Formula.False;
            if (key is null)
                gaps.Add(new Gap(named.Pointer, "a segment that is not imported"));
            else
                all.Add(Formula.Test("", ConditionOperator.Segment, [FlagValue.Of(key)]));
        }
        return Formula.All([.. all]);
    }
}

using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.FeatBit;

/// <summary>The segments of a file, by the ids that rules name them with. Excluded wins over included here as there.</summary>
internal sealed class FeatBitSegments
{
    private readonly Dictionary<string, string?> _keys = new(StringComparer.Ordinal);
    private readonly List<ImportedSegment> _imported = [];

    /// <summary>Reads them all, and notes those that have no equivalent.</summary>
    public FeatBitSegments(IReadOnlyList<SourceNode> written, FeatBitConditions conditions, NoteList notes)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var segment in written)
        {
            var id = segment.RequiredText("id");
            var name = segment.Text("name") ?? "";
            var key = JsonCursor.IsKey(name) && used.Add(name) ? name : id;
            var gaps = new List<Gap>();
            if (segment.Flag("isArchived"))
                gaps.Add(new Gap(segment.Pointer, "an archived segment"));
            var rules = SegmentWriter.Rules(
                [.. segment.Items("rules").Select(rule => (conditions.ReadAll(rule, gaps), rule.Pointer))],
                gaps
            );
            foreach (var gap in gaps.Distinct())
                notes.LeaveOutSegment(key, gap.Pointer, gap.What);
            if (!_keys.TryAdd(id, gaps.Count == 0 ? key : null))
                throw new UnreadableSourceException($"at '{segment.Pointer}' is a second segment with the id '{id}'");
            if (gaps.Count > 0)
                continue;
            var definition = new SegmentDefinition(
                key,
                segment.Texts("included").Distinct().ToSequence(),
                segment.Texts("excluded").Distinct().ToSequence(),
                rules!.Value
            );
            _imported.Add(new ImportedSegment(definition, name, segment.Text("description") ?? ""));
        }
    }

    /// <summary>Those that are imported.</summary>
    public IReadOnlyList<ImportedSegment> Imported => _imported;

    /// <summary>The user belongs to one of the segments; to none where there are none.</summary>
    public Formula ContainsAny(IReadOnlyList<string> ids, string pointer, ICollection<Gap> gaps)
    {
        var keys = ids.Select(id => _keys.GetValueOrDefault(id)).ToList();
        if (keys.Contains(null))
            gaps.Add(new Gap(pointer, "a segment that is not in the file, or not imported"));
        return Comparisons.Matches("", ConditionOperator.Segment, keys.OfType<string>().Select(FlagValue.Of));
    }
}

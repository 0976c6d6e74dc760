using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.LaunchDarkly;

/// <summary>
/// The segments of one environment. LaunchDarkly's belong to an environment, Halyard's to a project: where a file has several
/// environments with segments, the environment's name is part of the key.
/// </summary>
internal sealed class LaunchDarklySegments : ISegmentLookup
{
    private readonly IReadOnlyDictionary<string, string> _keys;
    private readonly HashSet<string> _left = new(StringComparer.Ordinal);
    private readonly bool _isComplete;

    private LaunchDarklySegments(IReadOnlyDictionary<string, string> keys, bool isComplete) =>
        (_keys, _isComplete) = (keys, isComplete);

    /// <summary>Those that are imported.</summary>
    public IReadOnlyList<ImportedSegment> Imported { get; private set; } = [];

    /// <summary>For an environment whose segments are not in the file.</summary>
    public static LaunchDarklySegments Unknown { get; } =
        new(new Dictionary<string, string>(StringComparer.Ordinal), isComplete: false);

    /// <summary>Reads an environment's segments, and notes those that have no equivalent.</summary>
    /// <param name="written">All segments of the environment.</param>
    /// <param name="suffix">What is added to their keys.</param>
    /// <param name="notes">Where they are noted.</param>
    public static LaunchDarklySegments Read(IReadOnlyList<(string Key, SourceNode Node)> written, string suffix, NoteList notes)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, node) in written)
        {
            if (!keys.TryAdd(key, key + suffix))
                throw new UnreadableSourceException($"at '{node.Pointer}' is a second segment '{key}'");
        }
        var segments = new LaunchDarklySegments(keys, isComplete: true);
        segments.ReadAll(written, notes);
        return segments;
    }

    /// <inheritdoc/>
    public Formula ContainsAny(IReadOnlyList<string> keys, string pointer, ICollection<Gap> gaps)
    {
        var known = new List<FlagValue>();
        foreach (var key in keys)
        {
            if (_left.Contains(key))
                gaps.Add(new Gap(pointer, $"the segment '{key}', which is not imported"));
            else if (_keys.TryGetValue(key, out var own))
                known.Add(FlagValue.Of(own));
            else if (!_isComplete)
                gaps.Add(new Gap(pointer, $"the segment '{key}', which is not in the file"));
            // Nobody belongs to a segment that there is not.
        }
        return Comparisons.Matches("", ConditionOperator.Segment, known);
    }

    // A segment that is left out takes those with it that name it, and so on.
    private void ReadAll(IReadOnlyList<(string Key, SourceNode Node)> written, NoteList notes)
    {
        var reader = new SegmentReader(new ClauseReader(this));
        int before;
        do
        {
            before = _left.Count;
            var imported = new List<ImportedSegment>();
            foreach (var (key, node) in written.Where(segment => !_left.Contains(segment.Key)))
            {
                var gaps = new List<Gap>();
                if (reader.Read(_keys[key], node, gaps) is { } definition)
                {
                    imported.Add(new ImportedSegment(definition, node.Text("name") ?? "", node.Text("description") ?? ""));
                    continue;
                }
                _left.Add(key);
                foreach (var gap in gaps.Distinct())
                    notes.LeaveOutSegment(_keys[key], gap.Pointer, gap.What);
            }
            Imported = imported;
        } while (_left.Count > before);
    }
}

using System.Collections.Frozen;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>The segments of a project, compiled together because they may use one another.</summary>
internal sealed class SegmentTable : ISegmentSource
{
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly List<CompiledSegment> _segments = [];
    private readonly List<List<DefinitionProblem>> _problems = [];

    public SegmentTable(IReadOnlyList<SegmentDefinition> definitions)
    {
        var first = new List<SegmentDefinition>(definitions.Count);
        foreach (var definition in definitions)
        {
            var key = definition.Key ?? "";
            if (_indexes.TryAdd(key, _segments.Count))
            {
                first.Add(definition);
                _segments.Add(new CompiledSegment(key));
                _problems.Add([]);
            }
            else
            {
                _problems[_indexes[key]].Add(new DefinitionProblem("/key", $"'{key}' appears more than once"));
            }
        }
        for (var i = 0; i < first.Count; i++)
            Fill(_segments[i], first[i], this, new Report(_problems[i], ""));
        Judge(first);
    }

    /// <summary>What is wrong, by segment.</summary>
    public IEnumerable<Diagnostic> Diagnostics =>
        _segments.SelectMany(
            (segment, i) =>
                _problems[i].Select(problem => new Diagnostic(segment.Key, problem.Pointer, problem.Message, IsSegment: true))
        );

    /// <inheritdoc/>
    public CompiledSegment? Find(string key) => _indexes.TryGetValue(key, out var index) ? _segments[index] : null;

    /// <summary>Compiles a segment's members and rules.</summary>
    public static void Fill(CompiledSegment segment, SegmentDefinition definition, ISegmentSource segments, Report report)
    {
        if (!JsonCursor.IsKey(definition.Key ?? ""))
            report.At("key").Problem("must be letters, digits, '.', '_' or '-', beginning with a letter or digit");
        report.At("includes").CheckCount(definition.Includes.Count, Limits.SegmentMembers);
        report.At("excludes").CheckCount(definition.Excludes.Count, Limits.SegmentMembers);
        segment.Includes = definition.Includes.Where(user => user is not null).ToFrozenSet(StringComparer.Ordinal);
        segment.Excludes = definition.Excludes.Where(user => user is not null).ToFrozenSet(StringComparer.Ordinal);

        report.At("rules").CheckCount(definition.Rules.Count, Limits.Rules);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var rules = new CompiledCondition[definition.Rules.Count][];
        for (var i = 0; i < rules.Length; i++)
        {
            var (place, rule) = (report.At("rules").At(i), definition.Rules[i]);
            place.At("id").CheckIdentifier(rule.Id, used);
            rules[i] = ConditionCompiler.Compile(rule.Conditions, segments, place.At("conditions"));
        }
        segment.Rules = rules;
    }

    /// <summary>Where conditions refer to segments: each reference with its pointer.</summary>
    public static IEnumerable<(string Key, string Pointer)> References(Sequence<Condition> conditions, string pointer)
    {
        for (var i = 0; i < conditions.Count; i++)
        {
            if (conditions[i].Operator != ConditionOperator.Segment)
                continue;
            for (var j = 0; j < conditions[i].Values.Count; j++)
            {
                if (ScalarReader.TryRead(conditions[i].Values[j], out var key) && key.Kind == AttributeKind.String)
                    yield return (key.Text, $"{pointer}/{i}/values/{j}");
            }
        }
    }

    // A segment that uses a broken one cannot be answered either: brokenness spreads until nothing changes.
    private void Judge(List<SegmentDefinition> definitions)
    {
        var references = definitions.ConvertAll(definition =>
            definition
                .Rules.SelectMany((rule, i) => References(rule.Conditions, $"/rules/{i}/conditions"))
                .Where(reference => _indexes.ContainsKey(reference.Key))
                .ToList()
        );
        var users = definitions.ConvertAll(_ => new List<(int User, string Pointer)>());
        for (var i = 0; i < references.Count; i++)
        {
            foreach (var (key, pointer) in references[i])
                users[_indexes[key]].Add((i, pointer));
        }
        var reaches = ReferenceGraph.Analyse(references.ConvertAll(list => list.ConvertAll(to => _indexes[to.Key])));

        var broken = new Queue<int>();
        for (var i = 0; i < reaches.Length; i++)
        {
            if (reaches[i].Problem("segments") is { } problem)
                _problems[i].Add(new DefinitionProblem("/rules", problem));
            if (_problems[i].Count > 0)
                Break(i);
        }
        while (broken.TryDequeue(out var source))
        {
            foreach (var (user, pointer) in users[source])
            {
                if (!reaches[user].InCycle)
                    _problems[user].Add(new DefinitionProblem(pointer, Unusable(_segments[source].Key)));
                Break(user);
            }
        }

        void Break(int index)
        {
            if (_segments[index].IsBroken)
                return;
            _segments[index].IsBroken = true;
            broken.Enqueue(index);
        }
    }

    /// <summary>The words for a reference to a broken segment.</summary>
    public static string Unusable(string key) => $"uses segment '{key}', which could not be compiled";
}

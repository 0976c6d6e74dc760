using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>A flag while its environment is compiled.</summary>
internal sealed class FlagEntry(FlagInEnvironment source)
{
    private readonly List<DefinitionProblem> _problems = [];
    private readonly List<int> _targets = [];

    /// <summary>What is compiled.</summary>
    public FlagInEnvironment Source { get; } = source;

    /// <summary>The flag; usable after <see cref="Settle"/>.</summary>
    public CompiledFlag Flag { get; private set; } = null!;

    /// <summary>The indexes of the flags it has as prerequisites.</summary>
    public IReadOnlyList<int> Targets => _targets;

    public IEnumerable<Diagnostic> Diagnostics =>
        _problems.Select(problem => new Diagnostic(Flag.Key, problem.Pointer, problem.Message));

    public void Problem(string pointer, string message) => _problems.Add(new DefinitionProblem(pointer, message));

    public void Compile(SegmentTable segments)
    {
        var configuration = Source.Configuration;
        Flag = FlagCompiler.Compile(Source.Flag, configuration, Source.Revision, segments, new Report(_problems, ""));
        for (var i = 0; i < configuration.Rules.Count; i++)
        {
            foreach (var (key, pointer) in SegmentTable.References(configuration.Rules[i].Conditions, $"/rules/{i}/conditions"))
            {
                if (segments.Find(key) is { IsBroken: true })
                    Problem(pointer, SegmentTable.Unusable(key));
            }
        }
    }

    public void Link(List<FlagEntry> entries, Dictionary<string, int> indexes)
    {
        var prerequisites = Source.Configuration.Prerequisites;
        var linked = new List<CompiledPrerequisite>(prerequisites.Count);
        for (var i = 0; i < prerequisites.Count; i++)
        {
            var place = new Report(_problems, $"/prerequisites/{i}");
            if (!indexes.TryGetValue(prerequisites[i].Flag ?? "", out var index))
            {
                place.At("flag").Problem($"there is no flag '{prerequisites[i].Flag}'");
                continue;
            }
            _targets.Add(index);
            linked.Add(new CompiledPrerequisite(entries[index].Flag, Accepted(prerequisites[i], entries[index], place)));
        }
        Flag.Prerequisites = [.. linked];
    }

    /// <summary>Decides what can be decided without a context.</summary>
    public void Settle()
    {
        if (_problems.Count > 0)
            Flag.Break();
        else if (!Source.Configuration.Enabled || Source.Flag.Status is FlagStatus.Draft or FlagStatus.Archived)
            Flag.Disable();
        else if (IsStatic && Flag.Fallthrough.Variant is { } variant)
            Flag.ServeAlways(variant);
    }

    private bool IsStatic =>
        Source.Configuration is { Rules.Count: 0, Overrides.Count: 0, Prerequisites.Count: 0, Fallthrough.Rollout: null };

    private static bool[] Accepted(Prerequisite prerequisite, FlagEntry target, Report report)
    {
        var variants = target.Flag.Variants;
        var accepted = new bool[variants.Count];
        for (var i = 0; i < prerequisite.Variants.Count; i++)
        {
            var key = prerequisite.Variants[i];
            if (!target.Source.Flag.Variants.Any(variant => variant.Key == key))
                report.At("variants").At(i).Problem($"flag '{prerequisite.Flag}' has no variant '{key}'");
            for (var v = 0; v < variants.Count; v++)
                accepted[v] |= variants[v].Key == key;
        }
        return accepted;
    }
}

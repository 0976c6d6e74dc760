using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Planning;

/// <summary>
/// Decides what of a source is created. Whatever a note is about is left out, and so is what depends on it: a configuration
/// whose prerequisite is left off would evaluate differently too. What remains compiles.
/// </summary>
internal sealed class ImportPlanner
{
    private readonly ImportedProject _project;
    private readonly IReadOnlyList<EnvironmentMapping> _environments;
    private readonly List<ImportNote> _notes;
    private readonly int _lostWithTheFile;
    private readonly HashSet<string> _refusedFlags = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refusedSegments = new(StringComparer.Ordinal);
    private readonly HashSet<(string Flag, string Environment)> _leftOff = [];

    private ImportPlanner(
        ImportedProject project,
        IReadOnlyList<EnvironmentMapping> environments,
        IReadOnlyCollection<Loss> accepted
    )
    {
        _project = project;
        _environments = environments;
        _notes =
        [
            .. project.Notes.Select(note =>
                note with
                {
                    IsAccepted = note.Loss != Loss.Evaluation && accepted.Contains(note.Loss),
                }
            ),
        ];
        var lost = _notes.Where(note => !note.IsAccepted).ToList();
        _lostWithTheFile = lost.Count(note => note.Subject == Subject.File);
        foreach (var note in lost)
            Exclude(note);
    }

    /// <summary>Plans an import.</summary>
    /// <param name="project">What the source holds.</param>
    /// <param name="environments">Which environments are imported, each key at most once.</param>
    /// <param name="accepted">Create also what has only these losses; <see cref="Loss.Evaluation"/> has no effect.</param>
    public static ImportPlan Plan(
        ImportedProject project,
        IReadOnlyList<EnvironmentMapping> environments,
        IReadOnlyCollection<Loss> accepted
    )
    {
        var planner = new ImportPlanner(project, environments, accepted);
        // What is left out may take more with it; each round leaves out at least one thing more.
        while (planner.ExcludeWhatDoesNotHold()) { }
        return planner.Finish();
    }

    private IEnumerable<ImportedFlag> Flags => _project.Flags.Where(flag => !_refusedFlags.Contains(flag.Definition.Key));

    private IEnumerable<ImportedSegment> Segments =>
        _project.Segments.Where(segment => !_refusedSegments.Contains(segment.Definition.Key));

    private IEnumerable<string> Sources => _environments.Select(mapping => mapping.Source).Distinct(StringComparer.Ordinal);

    private bool Exclude(ImportNote note) =>
        (note.Subject, note.Environment) switch
        {
            (Subject.Flag, null) => _refusedFlags.Add(note.Key),
            (Subject.Flag, { } environment) => _leftOff.Add((note.Key, environment)),
            (Subject.Segment, _) => _refusedSegments.Add(note.Key),
            _ => false,
        };

    private bool ExcludeWhatDoesNotHold()
    {
        var problems = Flags.SelectMany(ProblemsOfFlag).Concat(Sources.SelectMany(ProblemsIn)).ToList();
        var excluded = false;
        foreach (var note in problems)
        {
            if (!Exclude(note))
                continue;
            _notes.Add(note);
            excluded = true;
        }
        return excluded;
    }

    private static IEnumerable<ImportNote> ProblemsOfFlag(ImportedFlag flag) =>
        DefinitionRules
            .CheckFlag(flag.Definition)
            .Select(problem => Refused(Subject.Flag, flag.Definition.Key, null, problem.Pointer, problem.Message));

    private List<ImportNote> ProblemsIn(string source)
    {
        var flags = Flags.ToList();
        var definition = new EnvironmentDefinition(
            "import",
            source,
            0,
            [.. flags.Select(flag => new FlagInEnvironment(flag.Definition, ConfigurationIn(flag, source), 0))],
            [.. Segments.Select(segment => segment.Definition)]
        );
        var problems = SnapshotCompiler
            .Compile(definition)
            .Diagnostics.Select(problem =>
                problem.IsSegment
                    ? Refused(Subject.Segment, problem.Key, null, problem.Pointer, problem.Message)
                    : Refused(
                        Subject.Flag,
                        problem.Key,
                        // Left off it still does not compile: then it cannot be created at all.
                        _leftOff.Contains((problem.Key, source))
                            ? null
                            : source,
                        problem.Pointer,
                        problem.Message
                    )
            )
            .ToList();
        problems.AddRange(flags.SelectMany(flag => LostPrerequisites(flag, source)));
        return problems;
    }

    private IEnumerable<ImportNote> LostPrerequisites(ImportedFlag flag, string source) =>
        IsLeftOff(flag, source)
            ? []
            : ConfigurationIn(flag, source)
                .Prerequisites.Where(needed => _leftOff.Contains((needed.Flag, source)))
                .Select(needed => new ImportNote(
                    Subject.Flag,
                    flag.Definition.Key,
                    source,
                    "",
                    $"its prerequisite '{needed.Flag}' is left off here",
                    Loss.Evaluation
                ));

    private static ImportNote Refused(Subject subject, string key, string? environment, string pointer, string problem) =>
        new(
            subject,
            key,
            environment,
            "",
            $"Halyard refuses it: {problem} (at '{pointer}' of what it would become)",
            Loss.Evaluation
        );

    private bool IsLeftOff(ImportedFlag flag, string source) =>
        _leftOff.Contains((flag.Definition.Key, source))
        || !flag.Environments.TryGetValue(source, out var configuration)
        || configuration.Exact is null;

    private FlagEnvironment ConfigurationIn(ImportedFlag flag, string source)
    {
        var found = flag.Environments.GetValueOrDefault(source);
        if (!IsLeftOff(flag, source))
            return found!.Exact!;
        var off = found?.LeftOff ?? flag.Off;
        return new FlagEnvironment(false, off, [], [], [], Serve.One(off));
    }

    private ImportPlan Finish()
    {
        var flags = Flags
            .Select(flag => new PlannedFlag(
                flag,
                [
                    .. _environments.Select(mapping => new PlannedConfiguration(
                        mapping.Key,
                        ConfigurationIn(flag, mapping.Source),
                        IsLeftOff(flag, mapping.Source)
                    )),
                ]
            ))
            .ToList();
        var segments = Segments.ToList();
        var leftOut =
            _lostWithTheFile
            + _refusedFlags.Count
            + _refusedSegments.Count
            + flags.Sum(flag => flag.Configurations.Count(configuration => configuration.IsLeftOff));
        return new ImportPlan(
            Dependencies.Order(segments, segment => segment.Definition.Key, SegmentsNamedBy),
            Dependencies.Order(flags, flag => flag.Key, FlagsNeededBy),
            _notes,
            leftOut
        );
    }

    private static IEnumerable<string> SegmentsNamedBy(ImportedSegment segment) =>
        segment
            .Definition.Rules.SelectMany(rule => rule.Conditions)
            .Where(condition => condition.Operator == ConditionOperator.Segment)
            .SelectMany(condition => condition.Values)
            .Select(value => value.Json.Trim('"'));

    private static IEnumerable<string> FlagsNeededBy(PlannedFlag flag) =>
        flag.Configurations.SelectMany(configuration => configuration.Configuration.Prerequisites).Select(needed => needed.Flag);
}

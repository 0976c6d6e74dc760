namespace Halyard.Evaluation.Definitions;

/// <summary>
/// What a definition must satisfy beyond its shape, for editors to report before it is stored. The compiler applies the same
/// rules, so that what passes here fails to compile only for what it refers to: other flags and segments.
/// </summary>
public static class DefinitionRules
{
    /// <summary>Checks one environment's configuration against its flag.</summary>
    /// <returns>All problems, with pointers relative to the configuration (<c>/rules/0/serve/variant</c>).</returns>
    public static IReadOnlyList<DefinitionProblem> Check(FlagDefinition flag, FlagEnvironment environment)
    {
        var problems = new List<DefinitionProblem>();
        FlagCompiler.CheckEnvironment(flag, environment, AnySegment.Instance, new Report(problems, ""));
        return problems;
    }

    /// <summary>Checks the flag itself: its key, type, status, salt, hash and variants.</summary>
    /// <returns>All problems, with pointers relative to the flag (<c>/variants/0/value</c>).</returns>
    public static IReadOnlyList<DefinitionProblem> CheckFlag(FlagDefinition flag)
    {
        var problems = new List<DefinitionProblem>();
        FlagCompiler.CheckFlag(flag, new Report(problems, ""));
        return problems;
    }

    /// <summary>Checks a segment.</summary>
    /// <returns>All problems, with pointers relative to the segment (<c>/rules/0/conditions/0/values</c>).</returns>
    public static IReadOnlyList<DefinitionProblem> CheckSegment(SegmentDefinition segment)
    {
        var problems = new List<DefinitionProblem>();
        SegmentTable.Fill(new CompiledSegment(segment.Key), segment, AnySegment.Instance, new Report(problems, ""));
        return problems;
    }
}

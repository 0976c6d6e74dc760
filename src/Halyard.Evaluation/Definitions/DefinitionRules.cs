namespace Halyard.Evaluation.Definitions;
public static class DefinitionRules {
 public static IEnumerable<DefinitionProblem> Check(FlagDefinition flag, FlagEnvironment e) => [];
 public static IEnumerable<DefinitionProblem> CheckFlag(FlagDefinition flag) => [];
 public static IEnumerable<DefinitionProblem> CheckSegment(SegmentDefinition flag) => [];
}

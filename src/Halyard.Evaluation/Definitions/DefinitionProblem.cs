namespace Halyard.Evaluation.Definitions;

/// <summary>Something wrong in a document.</summary>
/// <param name="Pointer">Where, as an RFC 6901 JSON Pointer; empty means the whole document.</param>
/// <param name="Message">What, in words for people.</param>
public sealed record DefinitionProblem(string Pointer, string Message);

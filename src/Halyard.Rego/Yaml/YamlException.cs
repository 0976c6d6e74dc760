using System.Diagnostics.CodeAnalysis;

namespace Halyard.Rego;

/// <summary>A text is no YAML, or more of YAML than is read here.</summary>
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the engine.")]
internal sealed class YamlException(int line, string what) : Exception($"yaml: line {line}: {what}");

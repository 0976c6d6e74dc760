using System.Diagnostics.CodeAnalysis;

namespace Halyard.Rego;

/// <summary>Ends an evaluation from any depth; caught where the evaluation began and told as its error.</summary>
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the engine.")]
internal sealed class RegoAbort(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

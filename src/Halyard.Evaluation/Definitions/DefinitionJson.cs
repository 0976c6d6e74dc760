using System.Text.Encodings.Web;

namespace Halyard.Evaluation.Definitions;

/// <summary>Reads and writes definitions as JSON.</summary>
public static partial class DefinitionJson
{
    /// <summary>Escapes only what JSON demands, as RFC 8785 does.</summary>
    public static JavaScriptEncoder Encoder { get; } = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
}

using System.Text.Json;
using Halyard.Cli.Importing.Logic;

namespace Halyard.Cli.Importing.JsonLogic;

/// <summary>What an argument of a JSONLogic operation is.</summary>
internal abstract record Operand
{
    private Operand() { }

    /// <summary>A value written out.</summary>
    internal sealed record Literal(JsonElement Value) : Operand;

    /// <summary>An attribute of the context.</summary>
    /// <param name="Path">Its name; dots reach into objects.</param>
    /// <param name="Default">The value used where it is absent or null.</param>
    internal sealed record Attribute(string Path, JsonElement Default) : Operand;

    /// <summary>A computation that is always true or false.</summary>
    internal sealed record Truth(Formula Formula) : Operand;

    /// <summary>Anything without an equivalent; a gap was reported.</summary>
    internal sealed record Unknown : Operand
    {
        public static Unknown Instance { get; } = new();
    }
}

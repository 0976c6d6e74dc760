namespace Halyard.Rego;

internal enum TokenKind
{
    End,
    Name,
    Keyword,
    Number,
    Text,
    TemplateStart,
    TemplateEnd,
    HoleStart,
    HoleEnd,
    Symbol,
}

/// <summary>A word of the text. <paramref name="Text"/> is the word, or for a string what it means.</summary>
/// <remarks>Start: Where it begins. End: Where it ends; the next word is adjacent when it starts there.</remarks>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End, Place Place)
{
    public bool Is(string symbol) => Kind is TokenKind.Symbol or TokenKind.Keyword && Text == symbol;
}

/// <summary>A place in a source: line and column, both from 1.</summary>
internal readonly record struct Place(string File, int Row, int Column)
{
    public bool IsAfter(Place other) => (Row, Column).CompareTo((other.Row, other.Column)) > 0;

    public RegoProblem Problem(string code, string message) => new(File, Row, Column, code, message);
}

/// <summary>Ends the reading of a text at its first error; caught where the reading began.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1064", Justification = "It never leaves the engine.")]
internal sealed class SyntaxError(Place place, string message) : Exception(message)
{
    public bool IsAfter(SyntaxError other) => Place.IsAfter(other.Place);

    private Place Place { get; } = place;

    public RegoProblem Problem => Place.Problem("rego_parse_error", Message);
}

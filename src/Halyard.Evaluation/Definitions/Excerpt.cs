namespace Halyard.Evaluation.Definitions;

/// <summary>Texts that people wrote, cut to what there is room for.</summary>
public static class Excerpt
{
    /// <summary>
    /// A text, or its beginning where it is longer than that many UTF-16 units (at least 1). Never half of a character: what ends in one is no
    /// Unicode text, and the log could not hold it.
    /// </summary>
    public static string Of(string text, int most) =>
        text.Length <= most ? text
        : char.IsHighSurrogate(text[most - 1]) ? text[..(most - 1)]
        : text[..most];
}

namespace Halyard.Evaluation.Definitions;

/// <summary>Where an object or a list stands in a document.</summary>
/// <param name="above">What it stands in, or <see langword="null"/> for the document itself.</param>
/// <param name="name">The member's name; <see langword="null"/> for an element of a list; for the document the pointer to it.</param>
/// <param name="index">The element's index.</param>
internal sealed class JsonPlace(JsonPlace? above, string? name, int index)
{
    /// <summary>The RFC 6901 pointer to here.</summary>
    public string Pointer => PointerOf(above, name, index);

    /// <summary>The pointer to what stands at a place, below another.</summary>
    public static string PointerOf(JsonPlace? above, string? name, int index) =>
        above is null ? name ?? ""
        : name is null ? $"{above.Pointer}/{index}"
        : $"{above.Pointer}/{JsonCursor.EscapePointer(name)}";
}

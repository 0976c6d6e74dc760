using System.Globalization;
using System.Text.Json;

namespace Halyard.Cli.Importing;

/// <summary>
/// A value of a source with the RFC 6901 pointer to it. Reading a member as a type that it does not have throws
/// <see cref="UnreadableSourceException"/>, so that a misspelt list never passes for an empty one.
/// </summary>
internal readonly record struct SourceNode(JsonElement Element, string Pointer)
{
    /// <summary>The member; <see langword="null"/> where it is absent or null.</summary>
    public SourceNode? this[string name]
    {
        get
        {
            if (Element.ValueKind != JsonValueKind.Object)
                throw Wrong("an object");
            return SourceDocument.Member(Element, name) is { } member
                ? new SourceNode(member, SourceDocument.Below(Pointer, name))
                : null;
        }
    }

    /// <summary>All members of an object, in their order.</summary>
    public IReadOnlyList<(string Name, SourceNode Value)> Members()
    {
        if (Element.ValueKind != JsonValueKind.Object)
            throw Wrong("an object");
        var members = new List<(string, SourceNode)>();
        foreach (var member in Element.EnumerateObject())
            members.Add((member.Name, new SourceNode(member.Value, SourceDocument.Below(Pointer, member.Name))));
        return members;
    }

    /// <summary>All elements of a list.</summary>
    public IReadOnlyList<SourceNode> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
            throw Wrong("a list");
        var items = new List<SourceNode>();
        foreach (var item in Element.EnumerateArray())
            items.Add(new SourceNode(item, SourceDocument.Below(Pointer, items.Count)));
        return items;
    }

    /// <summary>All elements of a member that is a list; none where it is absent.</summary>
    public IReadOnlyList<SourceNode> Items(string name) => this[name]?.Items() ?? [];

    /// <summary>The text of a string.</summary>
    public string Text() => Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Wrong("text");

    /// <summary>The text of a member; <see langword="null"/> where it is absent.</summary>
    public string? Text(string name) => this[name]?.Text();

    /// <summary>The text of a member that has to be there.</summary>
    public string RequiredText(string name) => Required(name).Text();

    /// <summary>The texts of a member that is a list; none where it is absent.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. Items(name).Select(item => item.Text())];

    /// <summary>The boolean of a member; <paramref name="otherwise"/> where it is absent.</summary>
    public bool Flag(string name, bool otherwise = false) =>
        this[name] is not { } member ? otherwise
        : member.Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? member.Element.GetBoolean()
        : throw member.Wrong("true or false");

    /// <summary>The whole number of a member; <see langword="null"/> where it is absent.</summary>
    public int? Whole(string name) =>
        this[name] is not { } member ? null
        : member.Element.ValueKind == JsonValueKind.Number && member.Element.TryGetInt32(out var number) ? number
        : throw member.Wrong("a whole number of 32 bits");

    /// <summary>A member that is text or a number, as text; <see langword="null"/> where it is absent.</summary>
    public string? TextOrNumber(string name) =>
        this[name] is { Element.ValueKind: JsonValueKind.Number } number ? number.Element.GetRawText() : Text(name);

    /// <summary>A member that has to be there.</summary>
    public SourceNode Required(string name) =>
        this[name] ?? throw new UnreadableSourceException($"what is at '{Pointer}' has no '{name}'");

    private UnreadableSourceException Wrong(string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"what is at '{Pointer}' is not {expected}"));
}

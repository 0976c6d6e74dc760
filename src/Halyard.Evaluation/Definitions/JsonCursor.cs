using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Halyard.Evaluation.Definitions;

/// <summary>
/// A place in a JSON document with the pointer to it. Reading never throws on any document: what is wrong is added to the
/// list of problems, and a harmless stand-in is returned, so that one pass reports everything.
/// </summary>
public readonly partial struct JsonCursor
{
    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
    );

    /// <summary>The index of what is no element of a list.</summary>
    private const int None = -1;

    /// <summary>The index of what has its place in <see cref="_place"/> itself, not below it.</summary>
    private const int Own = -2;

    private readonly List<DefinitionProblem>? _problems;

    // Pointers are asked for where something is wrong: to make each would be a good part of what reading a document allocates.
    private readonly JsonPlace? _place;
    private readonly string? _name;
    private readonly int _index;

    private JsonCursor(JsonElement element, JsonPlace? above, string? name, int index, List<DefinitionProblem>? problems)
    {
        Element = element;
        _problems = problems;
        (_place, _name, _index) = element.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? (new JsonPlace(above, name, index), null, Own)
            : (above, name, index);
    }

    /// <summary>The value here; of kind <see cref="JsonValueKind.Undefined"/> where the member is absent.</summary>
    public JsonElement Element { get; }

    /// <summary>The RFC 6901 pointer to here.</summary>
    public string Pointer => _index == Own ? _place!.Pointer : JsonPlace.PointerOf(_place, _name, _index);

    /// <summary>False where the member is absent; a JSON null exists.</summary>
    public bool Exists => Element.ValueKind != JsonValueKind.Undefined;

    private JsonPlace Here => _index == Own ? _place! : new JsonPlace(_place, _name, _index);

    /// <summary>A cursor at the top of a document.</summary>
    /// <param name="element">The document, or the part of one that is read.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="pointer">The pointer to <paramref name="element"/> in what the caller sent.</param>
    public static JsonCursor Root(JsonElement element, List<DefinitionProblem> problems, string pointer = "") =>
        new(element, null, pointer, None, problems);

    /// <summary>The member's cursor; <see cref="Exists"/> is false where it is absent or this is no object.</summary>
    public JsonCursor this[string member] =>
        new(TryMember(member, out var value) ? value : default, Here, member, None, _problems);

    /// <summary>Whether the text has the form of a key: <c>[A-Za-z0-9][A-Za-z0-9._-]{0,127}</c>.</summary>
    public static bool IsKey([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= Limits.Identifier }
        && char.IsAsciiLetterOrDigit(text[0])
        && !text.AsSpan().ContainsAnyExcept(KeyCharacters);

    /// <summary>Adds a problem at this place.</summary>
    public void Problem(string message) => _problems?.Add(new DefinitionProblem(Pointer, message));

    /// <summary>
    /// Whether this is an object; reports an absent value, a wrong type, and every member that is not allowed or appears twice.
    /// False too where a member's name is not valid Unicode.
    /// </summary>
    public bool IsObject(params ReadOnlySpan<string> allowedMembers)
    {
        if (IsPlain(allowedMembers))
            return true;
        if (Named() is not { } members)
            return false;
        foreach (var (name, value, isFirst) in members)
        {
            if (!allowedMembers.Contains(name))
                value.Problem($"unknown member '{name}'");
            else if (!isFirst)
                value.Problem($"member '{name}' appears more than once");
        }
        return true;
    }

    /// <summary>The same object without a member that the caller read already, at the same place; anything else as it is.</summary>
    public JsonCursor Without(string member)
    {
        if (Named() is not { } members)
            return this;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value, isFirst) in members)
            {
                if (name == member && isFirst)
                    continue;
                writer.WritePropertyName(name);
                value.Element.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        using var rest = JsonDocument.Parse(buffer.WrittenMemory);
        return new JsonCursor(rest.RootElement.Clone(), null, Pointer, None, _problems);
    }

    /// <summary>The members of an object whose names are data; a wrong type, or a name that is no text or appears twice, is a problem.</summary>
    public IReadOnlyList<(string Name, JsonCursor Value)> Members()
    {
        var members = new List<(string, JsonCursor)>();
        foreach (var (name, value, isFirst) in Named() ?? [])
        {
            if (isFirst)
                members.Add((name, value));
            else
                value.Problem($"member '{name}' appears more than once");
        }
        return members;
    }

    /// <summary>
    /// The elements of a list. An absent list is empty and a problem only where <paramref name="required"/>; a wrong type or
    /// count is a problem and reads as empty.
    /// </summary>
    public IReadOnlyList<JsonCursor> List(string member, int maxCount, bool required = false, int minCount = 0)
    {
        var list = this[member];
        if (!list.Exists)
        {
            if (required)
                list.Problem("is required");
            return [];
        }
        if (list.Element.ValueKind != JsonValueKind.Array)
        {
            list.Problem("must be a list");
            return [];
        }

        var count = list.Element.GetArrayLength();
        if (count < minCount || count > maxCount)
        {
            list.Problem(count < minCount ? $"must have at least {minCount} elements" : $"must have at most {maxCount} elements");
            return [];
        }

        if (count == 0)
            return [];
        var cursors = new JsonCursor[count];
        var next = 0;
        foreach (var element in list.Element.EnumerateArray())
        {
            cursors[next] = new JsonCursor(element, list.Here, null, next, _problems);
            next++;
        }
        return cursors;
    }

    /// <summary>The strings of a list, each of 1…<paramref name="maxLength"/> UTF-16 code units.</summary>
    public Sequence<string> Strings(
        string member,
        int maxCount,
        int maxLength = Limits.Text,
        bool required = false,
        int minCount = 0
    ) => List(member, maxCount, required, minCount).Select(item => item.Text(maxLength, 1)).ToSequence();

    /// <summary>Escapes a reference token as RFC 6901 section 3 does.</summary>
    public static string EscapePointer(string token) =>
        token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>
    /// Whether this is an object in which each member is allowed and met once: nearly every one, and then no name need be made a
    /// string. False decides nothing.
    /// </summary>
    private bool IsPlain(ReadOnlySpan<string> allowedMembers)
    {
        const int MostBits = 64;
        if (Element.ValueKind != JsonValueKind.Object || allowedMembers.Length > MostBits)
            return false;
        var met = 0UL;
        foreach (var member in Element.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            var place = 0;
            // An escaped name equals none of them as it is written.
            while (place < allowedMembers.Length && !Ascii.Equals(name, allowedMembers[place]))
                place++;
            if (place == allowedMembers.Length || (met & 1UL << place) != 0)
                return false;
            met |= 1UL << place;
        }
        return true;
    }

    // Each member is met once: looking each up by its name would take a large object quadratic time.
    private List<(string Name, JsonCursor Value, bool IsFirst)>? Named()
    {
        if (Element.ValueKind != JsonValueKind.Object)
        {
            Problem(Exists ? "must be an object" : "is required");
            return null;
        }
        var members = new List<(string, JsonCursor, bool)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in Element.EnumerateObject())
        {
            if (!TryName(member, out var name))
            {
                // Looking for any other member would meet this one each time: the object is not used at all.
                Problem("a member's name is not valid Unicode");
                return null;
            }
            var value = new JsonCursor(member.Value, Here, name, None, _problems);
            members.Add((name, value, seen.Add(name)));
        }
        return members;
    }

    // A name or text with half a surrogate pair is well-formed JSON that has no string; the reader refuses it by throwing.
    private static bool TryName(JsonProperty member, out string name)
    {
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }

    private bool TryMember(string member, out JsonElement value)
    {
        value = default;
        if (Element.ValueKind != JsonValueKind.Object)
            return false;
        try
        {
            return Element.TryGetProperty(member, out value);
        }
        catch (InvalidOperationException)
        {
            // Some name is not valid Unicode, perhaps not this one.
            foreach (var candidate in Element.EnumerateObject())
            {
                if (TryName(candidate, out var name) && name == member)
                    value = candidate.Value;
            }
            return value.ValueKind != JsonValueKind.Undefined;
        }
    }
}

using System.Runtime.InteropServices;
using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>Content kept beside the log that an entry names by its digest.</summary>
/// <param name="Digest">The digest.</param>
/// <param name="IsList">It is itself a list of changes that names more.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NamedContent(Digest Digest, bool IsList)
{
    /// <summary>True at a member of a leaf that may name content.</summary>
    public static bool MayHold(ref Utf8JsonReader member) =>
        member.ValueTextEquals("change"u8) || member.ValueTextEquals("decision"u8) || member.ValueTextEquals("meta"u8);

    /// <summary>
    /// Collects what the value behind a member's name names: <c>after</c> and <c>input</c> by their digests, <c>patch</c>,
    /// <c>also</c> and what <c>meta</c> holds where <c>{"$blob"}</c> stands in their place. Values of users are not looked into.
    /// </summary>
    public static void Collect(ref Utf8JsonReader reader, List<NamedContent> named)
    {
        reader.Read();
        CollectObject(ref reader, named);
    }

    /// <summary>Collects what a list of changes names.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static void CollectList(ReadOnlySpan<byte> json, List<NamedContent> named)
    {
        var reader = new Utf8JsonReader(json);
        if (reader.Read())
            CollectItems(ref reader, named);
    }

    private static void CollectObject(ref Utf8JsonReader reader, List<NamedContent> named)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isDigest = reader.ValueTextEquals("after"u8) || reader.ValueTextEquals("input"u8);
            var isList = reader.ValueTextEquals("also"u8);
            reader.Read();
            if (isDigest && reader.TokenType == JsonTokenType.String)
                Add(ref reader, false, named);
            else if (isList && reader.TokenType == JsonTokenType.StartArray)
                CollectItems(ref reader, named);
            else if (reader.TokenType == JsonTokenType.StartObject)
                CollectReference(ref reader, isList, named);
            else
                reader.Skip();
        }
    }

    private static void CollectItems(ref Utf8JsonReader reader, List<NamedContent> named)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            CollectObject(ref reader, named);
    }

    // At the start of an object; leaves at its end.
    private static void CollectReference(ref Utf8JsonReader reader, bool isList, List<NamedContent> named)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isReference = reader.ValueTextEquals("$blob"u8);
            reader.Read();
            if (isReference && reader.TokenType == JsonTokenType.String)
                Add(ref reader, isList, named);
            else
                reader.Skip();
        }
    }

    private static void Add(ref Utf8JsonReader reader, bool isList, List<NamedContent> named)
    {
        if (Digest.TryParse(reader.GetString(), out var digest))
            named.Add(new NamedContent(digest, isList));
    }
}

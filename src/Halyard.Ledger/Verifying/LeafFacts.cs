using System.Runtime.InteropServices;
using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>What a verifier reads of a leaf, in one pass and without a tree.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct LeafFacts
{
    public const string TimeExample = "2026-01-31T09:30:00.000000Z";

    /// <summary>Its index, or −1.</summary>
    public long Index;

    /// <summary>The log's name is the expected one.</summary>
    public bool IsOfLog;

    /// <summary>The log's name in the text's own bytes; empty where it is no text.</summary>
    public ReadOnlySpan<byte> Log;

    /// <summary>When, in the text's own bytes; these compare like the times. Empty where it is not a time of this form.</summary>
    public ReadOnlySpan<byte> At;

    /// <summary>The entry says that older ones were purged.</summary>
    public bool IsPurge;

    /// <summary>Reads a leaf; false where it is not a JSON object or a member is of another type.</summary>
    /// <param name="leaf">Canonical JSON.</param>
    /// <param name="log">The expected name, UTF-8.</param>
    /// <param name="named">Is given the content that the leaf names by digest, or null.</param>
    /// <param name="facts">What was read.</param>
    public static bool TryRead(ReadOnlySpan<byte> leaf, ReadOnlySpan<byte> log, List<NamedContent>? named, out LeafFacts facts)
    {
        facts = new LeafFacts { Index = -1 };
        var reader = new Utf8JsonReader(leaf);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("idx"u8))
                    facts.Index = reader.Read() && reader.TryGetInt64(out var index) ? index : -1;
                else if (reader.ValueTextEquals("log"u8))
                {
                    facts.IsOfLog = reader.Read() && reader.ValueTextEquals(log);
                    facts.Log = reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default;
                }
                else if (reader.ValueTextEquals("at"u8))
                    facts.At = reader.Read() && IsTime(reader.ValueSpan) ? reader.ValueSpan : default;
                else if (reader.ValueTextEquals("type"u8))
                    facts.IsPurge = reader.Read() && reader.ValueTextEquals("log.purged"u8);
                else if (named is not null && NamedContent.MayHold(ref reader))
                    NamedContent.Collect(ref reader, named);
                else
                    reader.Skip();
            }
            return true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Not JSON, or a number where a text must be: no log wrote it.
            return false;
        }
    }

    private static bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text.Length != TimeExample.Length)
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            var expected = TimeExample[i];
            if (char.IsAsciiDigit(expected) ? !char.IsAsciiDigit((char)text[i]) : text[i] != expected)
                return false;
        }
        return true;
    }
}

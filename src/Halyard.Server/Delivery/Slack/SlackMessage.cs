using System.Buffers;
using System.Text.Json;
using Halyard.Core.Audit.Sinks;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Delivery.Slack;

/// <summary>
/// Alerts as Slack's incoming webhooks take them: <c>text</c> for notifications, <c>blocks</c> for the channel. A section has at most
/// 3,000 characters, a header 150, a message 50 blocks; ours stay far below, for each entry's words are cut.
/// </summary>
internal static class SlackMessage
{
    private const int MaxHeader = 150;
    private const int MaxSection = 3_000;

    private static readonly JsonWriterOptions Options = new() { Encoder = DefinitionJson.Encoder };

    /// <summary>An alert.</summary>
    public static byte[] Alert(SinkMessage message, Func<SinkEntry, string?> link)
    {
        var title = AlertText.Title(message);
        var rest = AlertText.Rest(message);
        return Write(writer =>
        {
            writer.WriteString("text", Cut(Escape($"{title}: {AlertText.Line(message.Entries[0])}"), MaxSection));
            writer.WriteStartArray("blocks");
            WriteBlock(writer, "header", "plain_text", Cut(title, MaxHeader));
            foreach (var entry in message.Entries)
                WriteBlock(writer, "section", "mrkdwn", Cut(Section(entry, link(entry)), MaxSection));
            if (rest.Length > 0)
                WriteBlock(writer, "section", "mrkdwn", Escape(rest));
            writer.WriteEndArray();
        });
    }

    /// <summary>A test.</summary>
    public static byte[] Test(string key) =>
        Write(writer => writer.WriteString("text", Escape($"This is a test of the sink '{key}' from Halyard.")));

    /// <summary>The three characters that mean something to Slack.</summary>
    internal static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Section(SinkEntry entry, string? link)
    {
        var number = link is null ? $"entry {entry.Index}" : $"<{link}|entry {entry.Index}>";
        return $"{number}: {Escape(AlertText.Line(entry))}\n{Escape(AlertText.Place(entry))}";
    }

    // An escaped character is never cut in half: an ampersand near the end begins one.
    private static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = most - 1;
        var escape = text.LastIndexOf('&', end, 6);
        if (escape >= 0)
            end = escape;
        if (char.IsHighSurrogate(text[end - 1]))
            end--;
        return $"{text[..end]}…";
    }

    private static void WriteBlock(Utf8JsonWriter writer, string block, string kind, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", block);
        writer.WriteStartObject("text");
        writer.WriteString("type", kind);
        writer.WriteString("text", text);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(2_048);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}

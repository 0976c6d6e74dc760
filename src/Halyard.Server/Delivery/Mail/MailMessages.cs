using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Halyard.Core.Audit.Sinks;

namespace Halyard.Server.Delivery.Mail;

/// <summary>
/// Alerts as plain text. Of what others wrote nothing reaches a header but the subject, and there no character that could begin
/// another header.
/// </summary>
internal static class MailMessages
{
    /// <summary>The most recipients of one sink.</summary>
    public const int MaxRecipients = 50;

    private const int MaxSubject = 150;

    /// <summary>An alert.</summary>
    public static MailMessage Alert(
        MailAddress from,
        IEnumerable<MailAddress> to,
        SinkMessage message,
        Func<SinkEntry, string?> link
    )
    {
        var text = new StringBuilder();
        foreach (var entry in message.Entries)
        {
            text.Append(AlertText.Line(entry)).Append('\n').Append(AlertText.Place(entry)).Append('\n');
            if (link(entry) is { } address)
                text.Append(address).Append('\n');
            text.Append('\n');
        }
        text.Append(AlertText.Rest(message));
        return Of(from, to, AlertText.Title(message), text.ToString(), message.AlertId);
    }

    /// <summary>A test.</summary>
    public static MailMessage Test(MailAddress from, IEnumerable<MailAddress> to, string key) =>
        Of(from, to, "Test", $"This is a test of the sink '{key}' from Halyard.", null);

    /// <summary>The recipients in a list separated by commas; <see langword="null"/> where it is none.</summary>
    public static IReadOnlyList<MailAddress>? Recipients(string list)
    {
        var all = new List<MailAddress>();
        foreach (var part in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Any(char.IsControl) || !MailAddress.TryCreate(part, out var address))
                return null;
            all.Add(address);
        }
        return all.Count is > 0 and <= MaxRecipients ? all : null;
    }

    /// <summary>A line that can stand in a header: no line ends and no other control or formatting character, and not too long.</summary>
    internal static string Header(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= MaxSubject)
                return line.Append('…').ToString();
            var isPlain =
                !Rune.IsControl(rune)
                && Rune.GetUnicodeCategory(rune)
                    is not (
                        System.Globalization.UnicodeCategory.Format
                        or System.Globalization.UnicodeCategory.LineSeparator
                        or System.Globalization.UnicodeCategory.ParagraphSeparator
                    );
            line.Append(isPlain ? rune.ToString() : " ");
        }
        return line.ToString();
    }

    private static MailMessage Of(MailAddress from, IEnumerable<MailAddress> to, string subject, string text, string? id)
    {
        var mail = new MailMessage
        {
            From = from,
            Subject = Header($"[Halyard] {subject}"),
            SubjectEncoding = Encoding.UTF8,
            Body = text,
            BodyEncoding = Encoding.UTF8,
            // Whatever stands in the text, no line of it can be read as the end of the message or is too long for a mail server.
            BodyTransferEncoding = TransferEncoding.Base64,
        };
        foreach (var address in to)
            mail.Bcc.Add(address);
        // The same however often it is sent: what mail programs know duplicates by.
        if (id is not null)
            mail.Headers.Add("Message-ID", $"<{id}@{from.Host}>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }
}

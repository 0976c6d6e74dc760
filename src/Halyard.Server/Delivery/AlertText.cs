using Halyard.Core.Audit.Sinks;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Delivery;

/// <summary>Alerts in words. Who did it stands as a pseudonymous id: names do not leave the server.</summary>
internal static class AlertText
{
    private const int MaxWords = 500;

    /// <summary>What an alert is about, in a few words.</summary>
    public static string Title(SinkMessage message)
    {
        var events = message.Entries.Select(entry => entry.Event).Distinct().ToList();
        if (events is [{ } only])
            return message.Count == 1 ? RequestText.Title(only) : $"{RequestText.Title(only)}: {message.Count} entries";
        var classes = message.Entries.SelectMany(entry => entry.Classes()).Distinct().Order().Select(Words).ToList();
        var what = classes.Count == 0 ? "Audit" : string.Join(", ", classes);
        return message.Count == 1 ? what : $"{what}: {message.Count} entries";
    }

    /// <summary>One entry in a sentence.</summary>
    public static string Line(SinkEntry entry)
    {
        var words = string.Join("; ", entry.Summary);
        if (words.Length > MaxWords)
            words = $"{Excerpt.Of(words, MaxWords)}…";
        // What was created is named in the words themselves.
        var what =
            entry.Resource is { } resource && !words.Contains($"'{resource.Key}'", StringComparison.Ordinal)
                ? $"{resource.Kind} '{resource.Key}': {words}"
                : words;
        if (entry.Event is { } told)
            return RequestText.Line(told, entry.Resource is { } about ? $"{about.Kind} '{about.Key}'" : "the log", words);
        return entry.Succeeded ? what : $"did not take effect: {what}";
    }

    /// <summary>Where and by whom.</summary>
    public static string Place(SinkEntry entry)
    {
        IEnumerable<string> parts =
        [
            .. entry.Project is { } project ? [$"project {project}"] : Array.Empty<string>(),
            .. entry.Environments.Count > 0 ? [$"environment {Few(entry.Environments)}"] : Array.Empty<string>(),
            $"by {entry.Actor} ({entry.ActorKind})",
            .. entry.Ticket is { } ticket ? [$"ticket {ticket}"] : Array.Empty<string>(),
            .. entry.Incident is { } incident ? [$"incident {incident}"] : Array.Empty<string>(),
            $"at {entry.At}",
        ];
        return string.Join(" · ", parts);
    }

    /// <summary>What the entries that are not told one by one are; empty where there are none.</summary>
    public static string Rest(SinkMessage message) =>
        message.Count > message.Entries.Count
            ? $"and {message.Count - message.Entries.Count} more, up to entry {message.Last}"
            : "";

    private static string Few(IReadOnlyList<string> names) =>
        names.Count <= 3 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))} and {names.Count - 3} more";

    private static string Words(AlertClass alert) =>
        alert switch
        {
            AlertClass.ProductionChange => "Production change",
            AlertClass.AccessChange => "Access change",
            AlertClass.CriticalTag => "Critical flag changed",
            AlertClass.VerificationFailed => "The audit log does not verify",
            AlertClass.EmergencyBypass => "Emergency bypass",
            AlertClass.Approval => "Change requests",
            _ => WireNames.Of(alert),
        };
}

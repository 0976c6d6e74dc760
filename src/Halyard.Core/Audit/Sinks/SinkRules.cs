using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Audit.Sinks;

/// <summary>What must hold of a sink's settings, kind by kind.</summary>
public static class SinkRules
{
    /// <summary>What the name of a file ends with.</summary>
    public const string FileEnding = ".jsonl";

    /// <summary>Whether the text is a name of the catalogue, an alias, or the beginning of names with <c>.*</c> behind it.</summary>
    public static bool IsAction(string text) =>
        text.EndsWith(".*", StringComparison.Ordinal)
            ? Catalogue.Names.Any(name => name.StartsWith(text.AsSpan(0, text.Length - 1), StringComparison.Ordinal))
            : Catalogue.Expand(text).All(Catalogue.Contains);

    /// <summary>
    /// Whether an address may be delivered to: absolute, https, or http to the machine itself; without credentials and without a
    /// fragment.
    /// </summary>
    public static bool IsAddress(string text, out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
        && address.UserInfo.Length == 0
        && address.Fragment.Length == 0;

    /// <summary>The index that an OpenSearch address names as its last segment, or <see langword="null"/>.</summary>
    public static string? IndexOf(Uri address)
    {
        var name = address.AbsolutePath[(address.AbsolutePath.LastIndexOf('/') + 1)..];
        return
            name.Length is > 0 and <= Limits.Identifier
            && char.IsAsciiLetterOrDigit(name[0])
            && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_' or '.')
            ? name
            : null;
    }

    internal static void Check(SinkSettings settings, JsonCursor json)
    {
        CheckTarget(settings, json);
        if (settings.Kind == SinkKind.Webhook && settings.Secret is null)
            json["secret"].Problem("is required: it names the secret that signs");
        if (settings.Kind is SinkKind.Slack or SinkKind.File or SinkKind.Email && settings.Secret is not null)
            json["secret"].Problem("has no use here");
        if (settings.PreviousSecret is not null && settings.Kind != SinkKind.Webhook)
            json["previousSecret"].Problem("has no use here");
        if (settings.Kind is SinkKind.Slack or SinkKind.Email && settings.Mode == SinkMode.Stream)
            json["mode"].Problem("must be alert: people read it");
        if (settings.Kind is SinkKind.File or SinkKind.OpenSearch && settings.Mode == SinkMode.Alert)
            json["mode"].Problem("must be stream: nobody reads it as a message");
    }

    private static void CheckTarget(SinkSettings settings, JsonCursor json)
    {
        switch (settings.Kind)
        {
            case SinkKind.File:
                if (settings.TargetSecret is not null)
                    json["targetSecret"].Problem("has no use here");
                if (!JsonCursor.IsKey(settings.Target) || !settings.Target.EndsWith(FileEnding, StringComparison.Ordinal))
                    json["target"].Problem($"must be the name of a file that ends with {FileEnding}, without a folder");
                break;
            case SinkKind.Slack:
                // Whoever knows the address of an incoming webhook may post there: it is a secret.
                if (settings.Target.Length > 0)
                    json["target"]
                        .Problem("has no use here: the address of a Slack webhook is a secret, and targetSecret names it");
                if (settings.TargetSecret is null)
                    json["targetSecret"].Problem("is required: it names the secret that is the webhook's address");
                break;
            case SinkKind.Email:
                // Addresses of people are personal, and the log would keep them for ever.
                if (settings.Target.Length > 0)
                    json["target"]
                        .Problem("has no use here: addresses of people are no part of the log, and targetSecret names them");
                if (settings.TargetSecret is null)
                    json["targetSecret"].Problem("is required: it names the secret that lists the recipients");
                break;
            default:
                if (settings.Target.Length > 0 == settings.TargetSecret is not null)
                    json["target"].Problem("is required, or targetSecret in its place");
                else if (settings.TargetSecret is null)
                    CheckAddress(settings, json["target"]);
                break;
        }
    }

    private static void CheckAddress(SinkSettings settings, JsonCursor json)
    {
        if (!IsAddress(settings.Target, out var address))
            json.Problem("must be an https address without credentials (http only to this machine)");
        else if (address!.Query.Length > 0)
            json.Problem("must have no query: what is secret in an address belongs into targetSecret");
        else if (settings.Kind == SinkKind.OpenSearch && IndexOf(address) is null)
            json.Problem("must end with the name of an index");
    }
}

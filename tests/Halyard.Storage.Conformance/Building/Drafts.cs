using System.Globalization;
using System.Text;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Ledger;

namespace Halyard.Storage.Conformance.Building;

/// <summary>Entry drafts with canonical leaves that say what their index says.</summary>
public static class Drafts
{
    private static long _lastId;

    /// <summary>An index with nothing special in it.</summary>
    public static EntryIndex Index(params TouchedResource[] resources) =>
        new(
            Type: "flag.updated",
            Actions: ["flag.rollout_changed"],
            Actor: "s_alice",
            ActorKind: "user",
            Project: resources.Length == 0 ? string.Empty : resources[0].Name.Project,
            Environments: [],
            Resources: resources,
            Succeeded: true,
            Ticket: null,
            Incident: null,
            ChangeRequest: null
        );

    /// <summary>The draft of one entry, with words for free text; without an id it gets the next one.</summary>
    public static EntryDraft Of(
        EntryIndex index,
        DateTimeOffset time,
        DateTimeOffset? effectiveAt = null,
        IReadOnlyList<Blob>? blobs = null,
        IReadOnlyList<SealedValue>? privates = null,
        string? id = null,
        (string[] Summary, string? Reason) words = default,
        object? details = null
    )
    {
        var summary = words.Summary ?? [];
        var keys = index.Resources.Select(touched => touched.Name.Key);
        index = index with { Text = EntryText.Of(summary, keys, [index.Ticket, index.Incident], words.Reason) };
        if (words.Reason is { } reason)
            privates = [.. privates ?? [], Reason(reason, index.Actor)];
        id ??= string.Create(CultureInfo.InvariantCulture, $"01TEST{Interlocked.Increment(ref _lastId):D20}");
        var leaf = Encoding.UTF8.GetString(
            CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(Leaf(id, index, summary, details)))
        );
        var (beforeTime, afterTime) = Split(leaf, "\"at\":\"", "AT");
        var (beforeIndex, afterLog) = Split(afterTime, "\"idx\":", "0,\"log\":\"LOG\"");
        return new EntryDraft(
            id,
            Encoding.UTF8.GetBytes(beforeTime),
            Encoding.UTF8.GetBytes(beforeIndex),
            Encoding.UTF8.GetBytes(afterLog),
            time,
            effectiveAt,
            index,
            blobs ?? [],
            privates ?? []
        );
    }

    private static (string Before, string After) Split(string text, string member, string placeholder)
    {
        var place = text.IndexOf(member + placeholder, StringComparison.Ordinal);
        return (text[..(place + member.Length)], text[(place + member.Length + placeholder.Length)..]);
    }

    private static SealedValue Reason(string text, string subject)
    {
        var value = JsonSerializer.Serialize(text);
        var commitment = Commitment.Compute(new byte[Commitment.KeyLength], "/why/reason", Encoding.UTF8.GetBytes(value));
        return new SealedValue(
            "/why/reason",
            commitment,
            Digest.Of(Encoding.UTF8.GetBytes(value)).ToArray(),
            subject,
            InDocument: false
        );
    }

    private static Dictionary<string, object?> Leaf(string id, EntryIndex index, string[] summary, object? details) =>
        new(StringComparer.Ordinal)
        {
            ["v"] = 1,
            ["at"] = "AT",
            ["idx"] = 0,
            ["log"] = "LOG",
            ["id"] = id,
            ["type"] = index.Type,
            ["actions"] = index.Actions,
            ["actor"] = new { sid = index.Actor, kind = index.ActorKind },
            ["project"] = index.Project,
            ["env"] = index.Environments.Count == 1 ? index.Environments[0] : null,
            ["resource"] = index.Resources.Select(Resource).FirstOrDefault(),
            ["change"] = new { also = index.Resources.Skip(1).Select(touched => new { resource = Resource(touched) }) },
            ["why"] = new
            {
                ticket = index.Ticket,
                incident = index.Incident,
                cr = index.ChangeRequest,
            },
            ["outcome"] = new { ok = index.Succeeded },
            ["meta"] = new
            {
                details,
                environments = index.Environments,
                import = index.Import,
                line = index.ImportLine,
                summary,
            },
        };

    private static object Resource(TouchedResource touched) =>
        new
        {
            kind = touched.Name.Kind.Name(),
            project = touched.Name.Project,
            key = touched.Name.Key,
            id = touched.Id,
            rev_from = touched.RevisionFrom,
            rev_to = touched.RevisionTo,
            after = touched.After?.ToString(),
        };
}

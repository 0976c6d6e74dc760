using System.Text.Json;
using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Simulating;

/// <summary>What an entry of the log says of a change that policies are asked about.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="At">When it took effect.</param>
/// <param name="Project">The project, or empty.</param>
/// <param name="Requester">Whose change it was.</param>
/// <param name="Actions">What it meant.</param>
/// <param name="Input">What was asked when it was decided.</param>
/// <param name="IsImported">Whether it is past history that was loaded.</param>
/// <param name="IsRequest">Whether it is a change request that was made: what it asks for is the change.</param>
internal sealed record RecordedEntry(
    FeedEntry Entry,
    DateTimeOffset At,
    string Project,
    Party Requester,
    Sequence<string> Actions,
    Digest Input,
    bool IsImported,
    bool IsRequest
)
{
    private const string Created = "change_request.created";

    /// <summary>
    /// What an entry records; <see langword="null"/> where it is no change, or only what became of a request that stands in the log
    /// already.
    /// </summary>
    public static RecordedEntry? Of(FeedEntry entry)
    {
        if (entry.Resources.Count == 0)
            return null;
        using var parsed = JsonDocument.Parse(entry.Leaf);
        var leaf = parsed.RootElement;
        var isRequest = leaf.GetProperty("type").GetString() == Created;
        if (!isRequest && leaf.GetProperty("why").GetProperty("cr").ValueKind != JsonValueKind.Null)
            return null;
        var (actor, origin) = (leaf.GetProperty("actor"), leaf.GetProperty("origin"));
        var isImported = origin.ValueKind == JsonValueKind.Object;
        var subject = (isImported ? origin.GetProperty("actor") : actor.GetProperty("sid")).GetString()!;
        if (!Digest.TryParse(leaf.GetProperty("decision").GetProperty("input").GetString()!, out var input))
            throw new InvalidDataException($"Entry {entry.Index} does not say what was asked.");
        return new RecordedEntry(
            entry,
            entry.Resources[0].EffectiveAt,
            leaf.GetProperty("project").GetString() ?? "",
            new Party(subject, isImported ? subject : actor.GetProperty("obo").GetString() ?? subject),
            leaf.GetProperty("actions").EnumerateArray().Select(action => action.GetString()!).ToSequence(),
            input,
            isImported,
            isRequest
        );
    }

    /// <summary>Whose change it was, with the person behind a token.</summary>
    public Party RequesterIn(JsonElement input) =>
        !IsImported && input.TryGetProperty("actor", out var actor) && actor.TryGetProperty("owner", out var owner)
            ? Requester with
            {
                Person = owner.GetString()!,
            }
            : Requester;

    /// <summary>The groups that whoever made the change belonged to; none where nobody said so.</summary>
    public static Sequence<string> GroupsIn(JsonElement input) =>
        input.TryGetProperty("actor", out var actor) && actor.TryGetProperty("groups", out var groups)
            ? groups.EnumerateArray().Select(group => group.GetString()!).ToSequence()
            : [];

    /// <summary>
    /// The names of the operations on each resource: those that were recorded; where none were, as of imported history, those that
    /// mean the same.
    /// </summary>
    public Func<ResourceEdit, Sequence<string>> OperationsIn(JsonElement input)
    {
        var recorded = new Dictionary<(string Kind, string Key), Sequence<string>>();
        if (!IsImported && input.TryGetProperty("resources", out var resources))
        {
            foreach (var resource in resources.EnumerateArray())
            {
                if (resource.TryGetProperty("operations", out var names))
                    recorded[(resource.GetProperty("kind").GetString()!, resource.GetProperty("key").GetString()!)] = names
                        .EnumerateArray()
                        .Select(name => name.GetString()!)
                        .ToSequence();
            }
        }
        return edit =>
            recorded.GetValueOrDefault((edit.Name.Kind.Name(), edit.Name.Key)) is { Count: > 0 } names
                ? names
                : OperationNames.Meaning(edit.Name.Kind, Actions);
    }
}

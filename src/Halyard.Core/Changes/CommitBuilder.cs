using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Audit;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Changes;

/// <summary>Step 5 of the pipeline: turns edits into entry drafts and final writes.</summary>
/// <param name="submission">What is submitted.</param>
/// <param name="now">The time of every entry.</param>
/// <param name="entropy">Gives ids and keys.</param>
internal sealed class CommitBuilder(Submission submission, DateTimeOffset now, Entropy entropy)
{
    private readonly Dictionary<ResourceName, (long ExpectedRevision, Loaded? Last)> _written = [];
    private readonly Dictionary<ResourceName, long> _deleted = [];
    private readonly List<ClearDraft> _entries = [];
    private readonly Dictionary<ResourceName, (ChangeRequest? Before, ChangeRequest? After)> _requests = [];
    private readonly List<TimerWrite> _timers = [];

    /// <summary>Whether nothing was added that changes anything.</summary>
    public bool IsEmpty => _written.Count == 0;

    /// <summary>The entries added so far, their personal values in clear.</summary>
    public IReadOnlyList<ClearDraft> Entries => _entries;

    /// <summary>What each written resource's revision will be.</summary>
    public IReadOnlyList<ResourceRevision> Revisions =>
        [
            .. _written.Select(item => new ResourceRevision(
                item.Key,
                item.Value.Last?.Revision ?? LastRevision(item.Key),
                item.Value.Last is null
            )),
        ];

    /// <summary>Adds the entry of one step and makes its results the ground for the next.</summary>
    public void Add(
        Workspace workspace,
        ChangeStep step,
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyList<SemanticChange> changes,
        Impact impact,
        Decision decision,
        Blob input,
        RequestNote? note = null
    )
    {
        var next = new List<KeyValuePair<ResourceName, Loaded?>>(edits.Count);
        var resources = new List<ResourceChange>(edits.Count);
        foreach (var edit in edits)
        {
            var (change, loaded) = Change(edit);
            resources.Add(change);
            next.Add(new(edit.Name, loaded));
            var expected = _written.TryGetValue(edit.Name, out var earlier)
                ? earlier.ExpectedRevision
                : edit.Before?.Revision ?? 0;
            _written[edit.Name] = (expected, loaded);
            if (edit.Name.Kind == ResourceKind.ChangeRequest)
                _requests[edit.Name] = (
                    _requests.TryGetValue(edit.Name, out var first) ? first.Before : (ChangeRequest?)edit.Before?.Resource,
                    (ChangeRequest?)edit.After
                );
            if (loaded is null)
                _deleted[edit.Name] = change.Touched.RevisionTo;
        }
        var content = Content(step, decision, input) with
        {
            Type =
                note?.Type is { } type ? type
                : step.Origin is null ? ChangeEditor.TypeOf(edits[0])
                : "flag.imported",
            Actor = note?.Actor ?? submission.Actor,
            ChangeRequest = note?.Reference,
            Ticket = note is null ? submission.Change.Ticket : note.Ticket,
            Environments = Keys(impact),
            Changes = changes,
            Resources = resources,
        };
        _entries.Add(EntryBuilder.Build(content, entropy));
        workspace.Advance(next);
    }

    /// <summary>Adds what the commit does to timers.</summary>
    public void Add(IEnumerable<TimerWrite> timers) => _timers.AddRange(timers);

    /// <summary>
    /// Adds the entry of a denial, which names what it would have touched and where: by the step's operations, and where these are not
    /// worked out yet by what it is about.
    /// </summary>
    public void AddDenial(
        Workspace? workspace,
        ChangeStep step,
        Impact impact,
        Decision decision,
        Blob input,
        ResourceName? about = null
    )
    {
        var resources = step
            .Operations.Select(operation => operation.Target(submission.Change.Project))
            .Concat(about is null ? [] : [about])
            .Distinct()
            .Select(name =>
            {
                var revision = workspace?.RevisionOf(name) ?? 0;
                var id = workspace?.Found<Resource>(name)?.Id ?? "";
                return Untouched(new TouchedResource(name, id, revision, revision, null));
            })
            .ToList();
        var words = $"{submission.Change.Action} denied: {decision.Reason}";
        _entries.Add(
            EntryBuilder.Build(
                Content(step, decision, input) with
                {
                    Type = "access.denied",
                    Environments = [.. impact.Environments.Select(environment => environment.Key)],
                    // Whoever was denied is the actor, now; not the author of the past change that was to be imported, whose reason it has.
                    Origin = null,
                    Reason = step.Origin is null ? Fit(step.Reason, Changes.Change.MaxReason) ?? "" : "",
                    Ticket = Fit(submission.Change.Ticket, Changes.Change.MaxReference),
                    Incident = Fit(submission.Change.Incident, Changes.Change.MaxReference),
                    Changes =
                    [
                        new SemanticChange("access.denied", null, words),
                        .. BypassAct.IsBypass(submission.Change.Action)
                            ? [new SemanticChange("bypass.denied", null, words)]
                            : Array.Empty<SemanticChange>(),
                    ],
                    Resources = resources,
                    FailureCode = "denied",
                },
                entropy
            )
        );
    }

    /// <summary>Adds the entry of an event, which names the resources it is about as they are now.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="about">What it is about.</param>
    /// <param name="decision">The verdict.</param>
    /// <param name="input">What was asked.</param>
    /// <param name="redacted">The documents that lose values with it.</param>
    public void AddEvent(
        ChangeEvent happened,
        IReadOnlyList<TouchedResource> about,
        Decision decision,
        Blob input,
        IReadOnlyList<RedactedDocument> redacted
    )
    {
        var changes = redacted.Select(Redact).ToList();
        _entries.Add(
            EntryBuilder.Build(
                Content(submission.Change.Steps[0], decision, input) with
                {
                    Type = happened.Type,
                    Environments = happened.Environments,
                    Changes = [EventGround.Told(happened)],
                    Resources = [.. about.Select(Untouched), .. changes],
                    Details = happened.Details,
                    Person = happened.Person,
                    FailureCode = happened.FailureCode,
                    FailureMessage = happened.FailureCode is null ? null : happened.Words,
                },
                entropy
            )
        );
    }

    /// <summary>A new revision of which the log knows nothing new: it never had the values.</summary>
    private ResourceChange Redact(RedactedDocument redacted)
    {
        var (before, digest) = (redacted.Before, Digest.Of(redacted.Before.Sealed));
        var after = new Loaded(
            ResourceDocuments.Read(before.Name, redacted.Document),
            before.Revision + 1,
            redacted.Document,
            before.Sealed
        );
        _written[before.Name] = (before.Revision, after);
        var touched = new TouchedResource(before.Name, before.Id, before.Revision, after.Revision, digest);
        return new ResourceChange(touched, digest, "[]"u8.ToArray(), null, []);
    }

    /// <summary>The commit of everything added.</summary>
    /// <param name="origin">The log's origin.</param>
    /// <param name="entries">What was added, its personal values encrypted.</param>
    /// <param name="preconditions">What must stay as it was read.</param>
    /// <param name="answer">The answer to keep, if any.</param>
    /// <param name="effect">What is done beside the log, if anything.</param>
    public Commit Build(
        string origin,
        IReadOnlyList<EntryDraft> entries,
        IReadOnlyList<Precondition> preconditions,
        PendingAnswer? answer,
        CommitEffect? effect = null
    )
    {
        List<ResourceWrite> writes = [.. _written.Select(item => Write(item.Key, item.Value.ExpectedRevision, item.Value.Last))];
        return new Commit(
            submission.Actor.Tenant,
            origin,
            writes,
            [
                .. preconditions.Where(condition =>
                    condition is not Precondition.Unchanged unchanged || !_written.ContainsKey(unchanged.Name)
                ),
            ],
            entries,
            answer,
            effect,
            [.. _requests.Values.SelectMany(request => RequestClock.Writes(request.Before, request.After)), .. _timers]
        );
    }

    private static string[] Keys(Impact impact) =>
        impact.Environments switch
        {
            [] => [],
            [var only] => [only.Key],
            var many => [.. many.Select(environment => environment.Key)],
        };

    private static ResourceChange Untouched(TouchedResource named) => new(named, null, "[]"u8.ToArray(), null, []);

    // A denied request was not validated; what is too long to be valid is left out of the log.
    private static string? Fit(string? text, int most) => text?.Length <= most ? text : null;

    private long LastRevision(ResourceName name) => _deleted.GetValueOrDefault(name);

    private static ResourceWrite Write(ResourceName name, long expected, Loaded? last) =>
        last is null
            ? new ResourceWrite.Delete(name, expected)
            : new ResourceWrite.Put(
                name,
                expected,
                last.Resource.Id,
                last.Revision,
                last.Document,
                last.Sealed is null ? default(ReadOnlyMemory<byte>?) : last.Sealed
            );

    private (ResourceChange Change, Loaded? Next) Change(ResourceEdit edit)
    {
        var before = edit.Before;
        var beforeSealed = before is null ? [] : before.Sealed ?? before.Document;
        var revision = before?.Revision ?? 0;
        var beforeDigest = before?.Digest;
        if (edit.After is not { } after)
        {
            var gone = new TouchedResource(edit.Name, before!.Resource.Id, revision, revision + 1, null);
            return (new ResourceChange(gone, beforeDigest, JsonPatch.DiffUnverifiedCanonical(beforeSealed, []), null, []), null);
        }
        var document = after.ToDocument();
        var (sealedDocument, fresh) = PersonalValues.Seal(
            after,
            document,
            before?.Sealed is { } known ? (before.Document, known) : null,
            entropy
        );
        var ledgerDocument = sealedDocument ?? document;
        var loaded = new Loaded(after, revision + 1, document, sealedDocument);
        var touched = new TouchedResource(edit.Name, after.Id, revision, revision + 1, loaded.Digest);
        return (
            new ResourceChange(
                touched,
                beforeDigest,
                JsonPatch.DiffUnverifiedCanonical(beforeSealed, ledgerDocument),
                ledgerDocument,
                fresh
            ),
            loaded
        );
    }

    private EntryContent Content(ChangeStep step, Decision decision, Blob input) =>
        new()
        {
            Id = entropy.NewUlid(now),
            Time = now,
            Type = "",
            Actor = submission.Actor,
            Request = submission.Request,
            Project = submission.Change.Project,
            Environments = [],
            Changes = [],
            Resources = [],
            Reason = step.Origin is null ? step.Reason : "",
            Ticket = submission.Change.Ticket,
            Incident = submission.Change.Incident,
            IdempotencyKey = submission.IdempotencyKey,
            Decision = decision,
            DecisionInput = input,
            Origin = step.Origin,
        };
}

/// <summary>What stands in an entry that a change request or a bypass made.</summary>
/// <param name="Reference">The request, or <see langword="null"/> for a bypass.</param>
/// <param name="Type">The entry's type, or <see langword="null"/> for that of its first edit.</param>
/// <param name="Ticket">The request's ticket.</param>
/// <param name="Actor">Who acts for whom, or <see langword="null"/> for the submission's actor.</param>
internal sealed record RequestNote(RequestReference? Reference, string? Type, string? Ticket, Actor? Actor = null);

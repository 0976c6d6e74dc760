using System.Globalization;
using System.Text;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Audit;

/// <summary>
/// Builds the draft of an entry in the leaf's final form (docs/audit-format.md). The leaf is written once, in canonical order, with
/// nothing in place of the members that only the log's head can give; the draft is what stands around them.
/// </summary>
public sealed class EntryBuilder
{
    /// <summary>The largest leaf in bytes. tlog-tiles caps an entry at 65,535; what is larger goes to blobs.</summary>
    public const int MaxLeafBytes = 60_000;

    // Four members may be this long at once: a patch, what else was touched, the summary and the environments.
    private const int MaxInlineBytes = 12_000;

    [ThreadStatic]
    private static CanonicalWriter? _threadsWriter;

    private readonly EntryContent _content;
    private readonly Entropy _entropy;
    private readonly string[] _actions;

    // One a thread: its buffer would be a good part of what building an entry allocates.
    private readonly CanonicalWriter _writer = (_threadsWriter ??= new CanonicalWriter(MaxLeafBytes)).Clear();
    private readonly List<Blob> _blobs = [];
    private readonly List<PrivateValue> _privates = [];

    private EntryBuilder(EntryContent content, Entropy entropy)
    {
        _content = content;
        _entropy = entropy;
        _actions = Actions(content);
    }

    /// <summary>The draft of an entry, with its personal values.</summary>
    /// <exception cref="InvalidOperationException">A type or action is not in the catalogue, or the leaf is too large: a bug.</exception>
    public static ClearDraft Build(EntryContent content, Entropy entropy) => new EntryBuilder(content, entropy).Build();

    private ClearDraft Build()
    {
        CheckDeclared(_content.Type);
        foreach (var action in _actions)
            CheckDeclared(action);
        foreach (var resource in _content.Resources)
        {
            if (resource.Document is not null)
                _blobs.Add(new Blob(resource.Touched.After!.Value, resource.Document));
            _privates.AddRange(resource.Privates);
        }
        _blobs.Add(_content.DecisionInput);

        // Between two of these stands what sealing puts there: a string's text, a number, a member.
        _writer.StartObject();
        WriteActionsAndActor();
        var timeEnds = _writer.Name("at").String("").Length - 1;
        WriteChangeToId();
        var indexBegins = _writer.Name("idx").Length;
        var logEnds = _writer.Number(0).Name("log").String("").Length;
        WriteMetaToWhy();
        var leaf = _writer.EndObject().ToArray().AsMemory();

        var (beforeTime, beforeIndex, afterLog) = (leaf[..timeEnds], leaf[timeEnds..indexBegins], leaf[logEnds..]);
        if (beforeTime.Length + beforeIndex.Length + afterLog.Length > MaxLeafBytes)
            throw new InvalidOperationException($"An audit entry of more than {MaxLeafBytes} bytes.");
        var draft = new EntryDraft(
            _content.Id,
            beforeTime,
            beforeIndex,
            afterLog,
            _content.Time,
            _content.Origin?.At,
            Index(),
            _blobs,
            []
        );
        return new ClearDraft(draft, _privates);
    }

    private static void CheckDeclared(string name)
    {
        if (!Catalogue.Contains(name))
            throw new InvalidOperationException($"'{name}' is not in the audit catalogue.");
    }

    private EntryIndex Index() =>
        new(
            _content.Type,
            _actions,
            _content.Origin?.Subject ?? _content.Actor.Subject,
            WireNames.Of(_content.Actor.Kind),
            _content.Project,
            _content.Environments,
            _content.Resources switch
            {
                [] => [],
                [var only] => [only.Touched],
                var many => [.. many.Select(resource => resource.Touched)],
            },
            _content.FailureCode is null,
            _content.Ticket,
            _content.Incident,
            _content.ChangeRequest?.Id,
            _content.Origin?.Import,
            _content.Origin?.Line ?? 0
        )
        {
            Text = EntryText.Of(
                _content.Changes is [var change] ? [change.Words] : _content.Changes.Select(change => change.Words),
                _content.Resources is [var resource]
                    ? [resource.Touched.Name.Key]
                    : _content.Resources.Select(resource => resource.Touched.Name.Key),
                _content is { Ticket: null, Incident: null } ? [] : [_content.Ticket, _content.Incident],
                _content.Origin?.Reason ?? _content.Reason
            ),
        };

    private static string[] Actions(EntryContent content) =>
        content.Changes switch
        {
            [] => [content.Type],
            [var only] => [only.Action],
            var many => [.. many.Select(change => change.Action).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };

    private void WriteActionsAndActor()
    {
        WriteStrings("actions", _actions);
        var actor = _content.Actor;
        _writer.Name("actor").StartObject();
        _writer.Name("auth").String(actor.Authentication);
        _writer.Name("cred").String(actor.Credential);
        _writer.Name("kind").String(WireNames.Of(actor.Kind));
        _writer.Name("obo").String(actor.OnBehalfOf);
        WriteStrings("roles", actor.Roles);
        _writer.Name("sid").String(actor.Subject);
        _writer.EndObject();
    }

    private void WriteChangeToId()
    {
        _writer.Name("change").StartObject();
        var resources = _content.Resources;
        if (resources.Count > 0)
            _writer.Name("after").String(resources[0].Touched.After);
        if (resources.Count > 1)
        {
            var also = _writer.Name("also").Here();
            WriteFurtherResources();
            SpillIfLarge(also);
        }
        if (resources.Count > 0)
        {
            _writer.Name("before").String(resources[0].Before);
            WritePatch(resources[0]);
        }
        else
        {
            _writer.Name("patch").Null();
        }
        _writer.EndObject();

        _writer.Name("decision").StartObject();
        _writer.Name("input").String(_content.DecisionInput.Digest);
        _writer.Name("policy").String(_content.Decision.Policy);
        _writer.Name("verdict").String(_content.Decision.Verdict);
        _writer.EndObject();

        _writer.Name("env").String(_content.Environments.Count == 1 ? _content.Environments[0] : null);
        _writer.Name("id").String(_content.Id);
    }

    private void WriteFurtherResources()
    {
        _writer.StartArray();
        foreach (var resource in _content.Resources.Skip(1))
        {
            _writer.StartObject();
            _writer.Name("after").String(resource.Touched.After);
            _writer.Name("before").String(resource.Before);
            WritePatch(resource);
            WriteResource(resource.Touched);
            _writer.EndObject();
        }
        _writer.EndArray();
    }

    private void WritePatch(ResourceChange resource)
    {
        var patch = _writer.Name("patch").Here();
        _writer.UnverifiedCanonical(resource.Patch);
        SpillIfLarge(patch);
    }

    private void WriteMetaToWhy()
    {
        WriteMeta();
        WriteOrigin();

        var failed = _content.FailureCode is not null;
        _writer.Name("outcome").StartObject();
        _writer.Name("code").String(_content.FailureCode);
        _writer.Name("message").String(failed ? _content.FailureMessage ?? _content.Decision.Reason : null);
        _writer.Name("ok").Boolean(!failed);
        _writer.EndObject();

        _writer.Name("project").String(_content.Project.Length == 0 ? null : _content.Project);
        WriteRequest();
        if (_content.Resources.Count > 0)
            WriteResource(_content.Resources[0].Touched);
        else
            _writer.Name("resource").Null();
        _writer.Name("tenant").String(_content.Actor.Tenant);
        _writer.Name("type").String(_content.Type);
        _writer.Name("v").Number(1);
        WriteWhy();
    }

    private void WriteMeta()
    {
        _writer.Name("meta").StartObject();
        if (_content.Details is { } details)
        {
            var place = _writer.Name("details").Here();
            _writer.UnverifiedCanonical(details.Span);
            SpillIfLarge(place);
        }
        if (_content.Environments.Count > 1)
        {
            var place = _writer.Name("environments").Here();
            WriteList(_content.Environments);
            SpillIfLarge(place);
        }
        if (_content.Origin is { } imported)
        {
            _writer.Name("import").String(imported.Import);
            _writer.Name("line").Number(imported.Line);
        }
        if (_content.Person is { } person)
        {
            _writer.Name("person").StartObject();
            WritePersonal("email", "/meta/person/email", person.Email, _content.Actor.Subject, namesSubject: true);
            WritePersonal("name", "/meta/person/name", person.Name, _content.Actor.Subject, namesSubject: true);
            _writer.EndObject();
        }
        var summary = _writer.Name("summary").Here();
        _writer.StartArray();
        foreach (var change in _content.Changes)
            _writer.String(change.Words);
        _writer.EndArray();
        SpillIfLarge(summary);
        _writer.EndObject();
    }

    private void WriteOrigin()
    {
        _writer.Name("origin");
        if (_content.Origin is not { } origin)
        {
            _writer.Null();
            return;
        }
        _writer.StartObject();
        _writer.Name("actor").String(origin.Subject);
        var at = Seal.Microseconds(origin.At).ToString(Seal.TimeFormat, CultureInfo.InvariantCulture);
        _writer.Name("at").String(at);
        WritePersonal("reason", "/origin/reason", origin.Reason, origin.Subject);
        _writer.Name("ref").String(origin.Reference);
        _writer.EndObject();
    }

    private void WriteRequest()
    {
        var request = _content.Request;
        _writer.Name("req").StartObject();
        _writer.Name("id").String(request.Id);
        _writer.Name("idem").String(_content.IdempotencyKey);
        WritePersonal("ip", "/req/ip", request.IpAddress, _content.Actor.Subject);
        _writer.Name("session").String(request.Session);
        _writer.Name("trace").String(request.Trace);
        WritePersonal("ua", "/req/ua", request.UserAgent, _content.Actor.Subject);
        _writer.EndObject();
    }

    private void WriteWhy()
    {
        _writer.Name("why").StartObject();
        WriteStrings("approvals", _content.ChangeRequest?.Approvals ?? []);
        _writer.Name("bypass").Null();
        _writer.Name("cr").String(_content.ChangeRequest?.Id);
        _writer.Name("cr_hash").String(_content.ChangeRequest?.Hash);
        _writer.Name("incident").String(_content.Incident);
        _writer.Name("policy").String(_content.Decision.Policy);
        WritePersonal("reason", "/why/reason", _content.Reason, _content.Actor.Subject);
        _writer.Name("ticket").String(_content.Ticket);
        _writer.EndObject();
    }

    private void WritePersonal(string member, string pointer, string? value, string subject, bool namesSubject = false)
    {
        _writer.Name(member);
        if (string.IsNullOrEmpty(value))
        {
            _writer.Null();
            return;
        }
        // Its canonical bytes, written where the commitment to them will stand.
        var place = _writer.Here();
        var canonical = _writer.String(value).Since(place);
        var key = _entropy.Bytes(Commitment.KeyLength);
        var commitment = Commitment.Compute(key, pointer, canonical);
        var text = Encoding.UTF8.GetString(canonical);
        _writer.Rewind(place);
        _privates.Add(new PrivateValue(pointer, commitment, key, text, subject, InDocument: false, namesSubject));
        _writer.StartObject().Name(DocumentWalk.CommitmentMember).String(commitment).EndObject();
    }

    /// <summary>Puts the digest of a blob in the place of a value that is large.</summary>
    private void SpillIfLarge(CanonicalWriter.Mark place)
    {
        if (_writer.Since(place).Length <= MaxInlineBytes)
            return;
        var blob = Blob.Of(_writer.Since(place).ToArray());
        _writer.Rewind(place);
        _blobs.Add(blob);
        _writer.StartObject().Name("$blob").String(blob.Digest).EndObject();
    }

    private void WriteResource(TouchedResource touched)
    {
        _writer.Name("resource").StartObject();
        _writer.Name("id").String(touched.Id);
        _writer.Name("key").String(touched.Name.Key);
        _writer.Name("kind").String(touched.Name.Kind.Name());
        if (touched.Name.Project.Length > 0 && touched.Name.Project != _content.Project)
            _writer.Name("project").String(touched.Name.Project);
        _writer.Name("rev_from").Number(touched.RevisionFrom);
        _writer.Name("rev_to").Number(touched.RevisionTo);
        _writer.EndObject();
    }

    private void WriteStrings(string member, IReadOnlyList<string> values)
    {
        _writer.Name(member);
        WriteList(values);
    }

    private void WriteList(IReadOnlyList<string> values)
    {
        _writer.StartArray();
        for (var i = 0; i < values.Count; i++)
            _writer.String(values[i]);
        _writer.EndArray();
    }
}

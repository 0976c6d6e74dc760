using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Audit;

/// <summary>
/// Builds the draft of an entry in the leaf's final form (docs/audit-format.md). Members stand in canonical order, so the leaf
/// is three canonical fragments around the members that only the log's head can give.
/// </summary>
public sealed class EntryBuilder
{
    /// <summary>The largest leaf in bytes. tlog-tiles caps an entry at 65,535; what is larger goes to blobs.</summary>
    public const int MaxLeafBytes = 60_000;

    // Four members may be this long at once: a patch, what else was touched, the summary and the environments.
    private const int MaxInlineBytes = 12_000;

    private static readonly JsonWriterOptions Options = new() { Encoder = DefinitionJson.Encoder, SkipValidation = true };

    private readonly EntryContent _content;
    private readonly Entropy _entropy;
    private readonly List<Blob> _blobs = [];
    private readonly List<PrivateValue> _privates = [];

    private EntryBuilder(EntryContent content, Entropy entropy)
    {
        _content = content;
        _entropy = entropy;
    }

    /// <summary>The draft of an entry.</summary>
    /// <exception cref="InvalidOperationException">A type or action is not in the catalogue, or the leaf is too large: a bug.</exception>
    public static EntryDraft Build(EntryContent content, Entropy entropy) => new EntryBuilder(content, entropy).Build();

    private EntryDraft Build()
    {
        foreach (var name in _content.Changes.Select(change => change.Action).Append(_content.Type))
        {
            if (!Catalogue.Contains(name))
                throw new InvalidOperationException($"'{name}' is not in the audit catalogue.");
        }
        foreach (var resource in _content.Resources)
        {
            if (resource.Document is not null)
                _blobs.Add(new Blob(resource.Touched.After!.Value, resource.Document));
            _privates.AddRange(resource.Privates);
        }
        _blobs.Add(_content.DecisionInput);

        var beforeTime = Fragment(WriteActionsAndActor, "{"u8, ",\"at\":\""u8);
        var beforeIndex = Fragment(WriteChangeToId, "\","u8, ",\"idx\":"u8);
        var afterLog = Fragment(WriteMetaToWhy, ","u8, "}"u8);
        if (beforeTime.Length + beforeIndex.Length + afterLog.Length > MaxLeafBytes)
            throw new InvalidOperationException($"An audit entry of more than {MaxLeafBytes} bytes.");
        return new EntryDraft(
            _content.Id,
            beforeTime,
            beforeIndex,
            afterLog,
            _content.Time,
            _content.Origin?.At,
            Index(),
            _blobs,
            _privates
        );
    }

    private EntryIndex Index() =>
        new(
            _content.Type,
            Actions(),
            _content.Origin?.Subject ?? _content.Actor.Subject,
            WireNames.Of(_content.Actor.Kind),
            _content.Project,
            _content.Environments,
            [.. _content.Resources.Select(resource => resource.Touched)],
            _content.FailureCode is null,
            _content.Ticket,
            _content.Incident,
            null,
            _content.Origin?.Import,
            _content.Origin?.Line ?? 0
        );

    private string[] Actions() =>
        [
            .. _content
                .Changes.Select(change => change.Action)
                .DefaultIfEmpty(_content.Type)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Canonicalises an object and replaces its braces.</summary>
    private static byte[] Fragment(Action<Utf8JsonWriter> write, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> suffix)
    {
        var canonical = Canonical(writer =>
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        });
        return [.. prefix, .. canonical.AsSpan(1..^1), .. suffix];
    }

    private static byte[] Canonical(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        return CanonicalJson.Canonicalize(buffer.WrittenSpan);
    }

    private void WriteActionsAndActor(Utf8JsonWriter writer)
    {
        WriteStrings(writer, "actions", Actions());
        writer.WriteStartObject("actor");
        writer.WriteString("sid", _content.Actor.Subject);
        writer.WriteString("kind", WireNames.Of(_content.Actor.Kind));
        writer.WriteString("auth", _content.Actor.Authentication);
        WriteStrings(writer, "roles", _content.Actor.Roles);
        writer.WriteString("obo", _content.Actor.OnBehalfOf);
        writer.WriteString("cred", _content.Actor.Credential);
        writer.WriteEndObject();
    }

    private void WriteChangeToId(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("change");
        if (_content.Resources.Count > 0)
            WriteChange(writer, _content.Resources[0]);
        else
            writer.WriteNull("patch");
        if (_content.Resources.Count > 1)
        {
            writer.WritePropertyName("also");
            WriteOrSpill(writer, WriteFurtherResources);
        }
        writer.WriteEndObject();

        writer.WriteStartObject("decision");
        writer.WriteString("verdict", _content.Decision.Verdict);
        writer.WriteString("policy", _content.Decision.Policy);
        writer.WriteString("input", _content.DecisionInput.Digest.ToString());
        writer.WriteEndObject();

        writer.WriteString("env", _content.Environments.Count == 1 ? _content.Environments[0] : null);
        writer.WriteString("id", _content.Id);
    }

    private void WriteFurtherResources(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var resource in _content.Resources.Skip(1))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("resource");
            WriteResource(writer, resource.Touched);
            WriteChange(writer, resource);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void WriteChange(Utf8JsonWriter writer, ResourceChange resource)
    {
        writer.WritePropertyName("patch");
        WriteOrSpill(writer, patch => patch.WriteRawValue(resource.Patch, skipInputValidation: true));
        writer.WriteString("before", resource.Before?.ToString());
        writer.WriteString("after", resource.Touched.After?.ToString());
    }

    private void WriteMetaToWhy(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("meta");
        if (_content.Environments.Count > 1)
        {
            writer.WritePropertyName("environments");
            WriteOrSpill(writer, environments => WriteList(environments, _content.Environments));
        }
        if (_content.Origin is { } imported)
        {
            writer.WriteString("import", imported.Import);
            writer.WriteNumber("line", imported.Line);
        }
        writer.WritePropertyName("summary");
        WriteOrSpill(writer, summary => WriteList(summary, _content.Changes.Select(change => change.Words)));
        writer.WriteEndObject();

        writer.WritePropertyName("origin");
        WriteOrigin(writer);

        writer.WriteStartObject("outcome");
        writer.WriteBoolean("ok", _content.FailureCode is null);
        writer.WriteString("code", _content.FailureCode);
        writer.WriteString("message", _content.FailureCode is null ? null : _content.Decision.Reason);
        writer.WriteEndObject();

        writer.WriteString("project", _content.Project.Length == 0 ? null : _content.Project);
        WriteRequest(writer);
        writer.WritePropertyName("resource");
        if (_content.Resources.Count > 0)
            WriteResource(writer, _content.Resources[0].Touched);
        else
            writer.WriteNullValue();
        writer.WriteString("tenant", _content.Actor.Tenant);
        writer.WriteString("type", _content.Type);
        writer.WriteNumber("v", 1);
        WriteWhy(writer);
    }

    private void WriteOrigin(Utf8JsonWriter writer)
    {
        if (_content.Origin is not { } origin)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("at", Seal.Microseconds(origin.At).ToString(Seal.TimeFormat, CultureInfo.InvariantCulture));
        writer.WriteString("actor", origin.Subject);
        WritePersonal(writer, "reason", "/origin/reason", origin.Reason, origin.Subject);
        writer.WriteString("ref", origin.Reference);
        writer.WriteEndObject();
    }

    private void WriteRequest(Utf8JsonWriter writer)
    {
        var request = _content.Request;
        writer.WriteStartObject("req");
        writer.WriteString("id", request.Id);
        writer.WriteString("session", request.Session);
        writer.WriteString("idem", _content.IdempotencyKey);
        WritePersonal(writer, "ip", "/req/ip", request.IpAddress, _content.Actor.Subject);
        WritePersonal(writer, "ua", "/req/ua", request.UserAgent, _content.Actor.Subject);
        writer.WriteString("trace", request.Trace);
        writer.WriteEndObject();
    }

    private void WriteWhy(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("why");
        WritePersonal(writer, "reason", "/why/reason", _content.Reason, _content.Actor.Subject);
        writer.WriteString("ticket", _content.Ticket);
        writer.WriteNull("cr");
        writer.WriteNull("cr_hash");
        WriteStrings(writer, "approvals", []);
        writer.WriteString("policy", _content.Decision.Policy);
        writer.WriteNull("bypass");
        writer.WriteString("incident", _content.Incident);
        writer.WriteEndObject();
    }

    private void WritePersonal(Utf8JsonWriter writer, string member, string pointer, string? value, string subject)
    {
        if (string.IsNullOrEmpty(value))
        {
            writer.WriteNull(member);
            return;
        }
        var json = FlagValue.Of(value).Json;
        var canonical = CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json));
        var key = _entropy.Bytes(Commitment.KeyLength);
        var commitment = Commitment.Compute(key, pointer, canonical);
        _privates.Add(new PrivateValue(pointer, commitment, key, Encoding.UTF8.GetString(canonical), subject, InDocument: false));
        writer.WriteStartObject(member);
        writer.WriteString(DocumentWalk.CommitmentMember, commitment);
        writer.WriteEndObject();
    }

    /// <summary>Writes a value in place, or as the digest of a blob where it is large.</summary>
    private void WriteOrSpill(Utf8JsonWriter writer, Action<Utf8JsonWriter> write)
    {
        var canonical = Canonical(write);
        if (canonical.Length <= MaxInlineBytes)
        {
            writer.WriteRawValue(canonical, skipInputValidation: true);
            return;
        }
        var blob = Blob.Of(canonical);
        _blobs.Add(blob);
        writer.WriteStartObject();
        writer.WriteString("$blob", blob.Digest.ToString());
        writer.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter writer, TouchedResource touched)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", touched.Name.Kind.Name());
        writer.WriteString("id", touched.Id);
        writer.WriteString("key", touched.Name.Key);
        writer.WriteNumber("rev_from", touched.RevisionFrom);
        writer.WriteNumber("rev_to", touched.RevisionTo);
        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string member, IEnumerable<string> values)
    {
        writer.WritePropertyName(member);
        WriteList(writer, values);
    }

    private static void WriteList(Utf8JsonWriter writer, IEnumerable<string> values)
    {
        writer.WriteStartArray();
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}

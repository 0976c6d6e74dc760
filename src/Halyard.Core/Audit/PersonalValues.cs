using System.Buffers;
using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Core.Flags;
using Halyard.Ledger;

namespace Halyard.Core.Audit;

/// <summary>
/// Replaces personal values in documents by commitments before the ledger sees them: targets of overrides, members of
/// segments, values compared with personal attributes, values of sensitive flags, names of credentials and holds.
/// A value that was there before keeps its commitment, so unchanged parts of a document stay unchanged in the ledger.
/// </summary>
public static class PersonalValues
{
    private static readonly HashSet<string> PersonalAttributes = new(StringComparer.OrdinalIgnoreCase)
    {
        "targetingKey",
        "email",
        "mail",
        "phone",
        "ip",
        "ipAddress",
        "name",
        "user",
        "userId",
        "user_id",
        "username",
    };

    private const string CommitmentName = $"\"{DocumentWalk.CommitmentMember}\"";

    /// <summary>Whether values compared with this attribute concern a person: decided by the attribute's last segment.</summary>
    public static bool IsPersonal(string attribute) =>
        PersonalAttributes.Contains(attribute[(attribute.LastIndexOf('.') + 1)..])
        || attribute.StartsWith("user.", StringComparison.OrdinalIgnoreCase);

    /// <summary>The kinds of resource whose documents can hold a personal value: an erasure looks at all of them.</summary>
    public static readonly IReadOnlySet<ResourceKind> Kinds = new HashSet<ResourceKind>
    {
        ResourceKind.Flag,
        ResourceKind.Segment,
        ResourceKind.Token,
        ResourceKind.SdkKey,
        ResourceKind.Hold,
        ResourceKind.User,
        ResourceKind.ServiceAccount,
        ResourceKind.ChangeRequest,
        ResourceKind.Bypass,
    };

    /// <summary>Whether the resource's document can hold a personal value at all.</summary>
    public static bool MayHold(Resource resource) =>
        resource switch
        {
            Flag flag => flag.Sensitive
                || flag.Definition.Variants.Any(variant =>
                    variant.Value.ToString().Contains(CommitmentName, StringComparison.Ordinal)
                )
                || flag.Environments.Values.Any(configuration =>
                    configuration.Settings.Overrides.Count > 0
                    || configuration.Settings.Rules.Any(rule => rule.Conditions.Any(condition => IsPersonal(condition.Attribute)))
                ),
            Segment segment => segment.Definition.Includes.Count + segment.Definition.Excludes.Count > 0
                || segment.Definition.Rules.Any(rule => rule.Conditions.Any(condition => IsPersonal(condition.Attribute))),
            _ => Kinds.Contains(resource.Name.Kind),
        };

    /// <summary>The document with commitments, and the values behind those that are new.</summary>
    /// <param name="resource">The resource after the change.</param>
    /// <param name="document">Its canonical document in clear.</param>
    /// <param name="before">The resource before, whose commitments are kept; <see langword="null"/> for a new one.</param>
    /// <param name="entropy">Gives the HMAC keys.</param>
    /// <returns>A <see langword="null"/> document where nothing in it is personal.</returns>
    public static (byte[]? Sealed, IReadOnlyList<PrivateValue> Fresh) Seal(
        Resource resource,
        byte[] document,
        (byte[] Document, byte[] Sealed)? before,
        Entropy entropy
    )
    {
        if (!MayHold(resource))
            return (null, []);
        var known = before is { } pair ? Known(resource.Name.Kind, pair.Document, pair.Sealed) : [];
        var fresh = new List<PrivateValue>();
        var sealedDocument = Rewrite(
            resource.Name.Kind,
            document,
            (pointer, value, owner) =>
            {
                if (known.TryGetValue((pointer, value), out var commitment))
                    return commitment;
                var key = entropy.Bytes(Commitment.KeyLength);
                commitment = Commitment.Compute(key, pointer, System.Text.Encoding.UTF8.GetBytes(value));
                fresh.Add(
                    new PrivateValue(
                        pointer,
                        commitment,
                        key,
                        value,
                        SubjectOf(resource, owner),
                        InDocument: true,
                        NamesSubject: owner == ValueOwner.Holder
                    )
                );
                known[(pointer, value)] = commitment;
                return commitment;
            }
        );
        return fresh.Count == 0 && known.Count == 0 ? (null, []) : (sealedDocument, fresh);
    }

    /// <summary>A sealed document with the values back in place of those commitments that are in <paramref name="values"/>.</summary>
    public static byte[] Reveal(byte[] sealedDocument, IReadOnlyDictionary<string, string> values)
    {
        using var parsed = JsonDocument.Parse(sealedDocument);
        var buffer = new ArrayBufferWriter<byte>(sealedDocument.Length);
        using (var writer = new Utf8JsonWriter(buffer, DocumentWalk.WriterOptions))
            DocumentWalk.Reveal(parsed.RootElement, writer, values);
        return CanonicalJson.Canonicalize(buffer.WrittenSpan);
    }

    /// <summary>
    /// A sealed document that can be read as a resource although values are gone: where one is not in <paramref name="values"/> its
    /// commitment stands as a text.
    /// </summary>
    public static byte[] Readable(byte[] sealedDocument, IReadOnlyDictionary<string, string> values)
    {
        var readable = new Dictionary<string, string>(values, StringComparer.Ordinal);
        foreach (var commitment in CommitmentsIn(sealedDocument))
            readable.TryAdd(commitment, $"\"{commitment}\"");
        return Reveal(sealedDocument, readable);
    }

    /// <summary>A document in clear with commitments in place of those of its values that are <paramref name="hidden"/>.</summary>
    public static byte[] Without(ResourceKind kind, byte[] document, byte[] sealedDocument, IReadOnlySet<string> hidden)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var ((_, value), commitment) in Known(kind, document, sealedDocument))
        {
            if (!hidden.Contains(commitment))
                values[commitment] = value;
        }
        return Reveal(sealedDocument, values);
    }

    /// <summary>Whether a document in clear shows one of the values that are to be <paramref name="hidden"/>.</summary>
    public static bool AnyInClear(ResourceKind kind, byte[] document, byte[] sealedDocument, IReadOnlySet<string> hidden) =>
        Known(kind, document, sealedDocument)
            .Any(item => hidden.Contains(item.Value) && item.Key.Value != $"{{{CommitmentName}:\"{item.Value}\"}}");

    /// <summary>Every commitment that stands in a document.</summary>
    public static IReadOnlyList<string> CommitmentsIn(ReadOnlyMemory<byte> json)
    {
        using var parsed = JsonDocument.Parse(json);
        var found = new List<string>();
        DocumentWalk.Commitments(parsed.RootElement, found);
        return found;
    }

    private static string? SubjectOf(Resource resource, ValueOwner owner) =>
        owner switch
        {
            ValueOwner.Named => null,
            ValueOwner.Holder when resource is Token token => token.Subject,
            _ => resource.Id,
        };

    private static Dictionary<(string Pointer, string Value), string> Known(
        ResourceKind kind,
        byte[] document,
        byte[] sealedDocument
    )
    {
        var known = new Dictionary<(string, string), string>();
        var commitments = CommitmentsIn(sealedDocument);
        var next = 0;
        // Both documents have the same shape, and both walks visit it in the same order.
        _ = Rewrite(
            kind,
            document,
            (pointer, value, _) =>
            {
                var commitment = commitments[next++];
                known[(pointer, value)] = commitment;
                return commitment;
            }
        );
        return known;
    }

    private static byte[] Rewrite(ResourceKind kind, byte[] document, DocumentWalk.Committer commit)
    {
        using var parsed = JsonDocument.Parse(document);
        var buffer = new ArrayBufferWriter<byte>(document.Length * 2);
        using (var writer = new Utf8JsonWriter(buffer, DocumentWalk.WriterOptions))
            new DocumentWalk(kind, parsed.RootElement, writer, commit).Run();
        return CanonicalJson.Canonicalize(buffer.WrittenSpan);
    }
}

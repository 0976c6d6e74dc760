using System.Buffers;
using System.Text.Json;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Flags;

/// <summary>The kinds of things that have a revision and a place in the ledger. Wire names: see <see cref="ResourceKinds"/>.</summary>
public enum ResourceKind
{
    Tenant,
    Project,
    Environment,
    Flag,
    Segment,
    Token,
    SdkKey,
    Import,
    Hold,
    Sink,
    Retention,
    Role,
    Assignment,
    Policy,
    User,
    ChangeRequest,
    Delegation,
    ApprovalPolicy,
    Bypass,
    Check,
    Evidence,
    PromotionGates,
    Freeze,
    ServiceAccount,
}

/// <summary>Wire names of <see cref="ResourceKind"/>.</summary>
public static class ResourceKinds
{
    /// <summary>The name used in the ledger, the store and the API.</summary>
    public static string Name(this ResourceKind kind) =>
        kind switch
        {
            ResourceKind.Tenant => "tenant",
            ResourceKind.Project => "project",
            ResourceKind.Environment => "environment",
            ResourceKind.Flag => "flag",
            ResourceKind.Segment => "segment",
            ResourceKind.Token => "token",
            ResourceKind.SdkKey => "sdk-key",
            ResourceKind.Import => "import",
            ResourceKind.Hold => "hold",
            ResourceKind.Sink => "sink",
            ResourceKind.Retention => "retention",
            ResourceKind.Role => "role",
            ResourceKind.Assignment => "assignment",
            ResourceKind.Policy => "policy",
            ResourceKind.User => "user",
            ResourceKind.ChangeRequest => "change-request",
            ResourceKind.Delegation => "delegation",
            ResourceKind.ApprovalPolicy => "approval-policy",
            ResourceKind.Bypass => "bypass",
            ResourceKind.Check => "check",
            ResourceKind.Evidence => "evidence",
            ResourceKind.PromotionGates => "promotion-gates",
            ResourceKind.Freeze => "freeze",
            ResourceKind.ServiceAccount => "service-account",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    /// <summary>Whether resources of the kind belong to a project, rather than to the tenant itself.</summary>
    public static bool IsInProject(this ResourceKind kind) =>
        kind
            is ResourceKind.Environment
                or ResourceKind.Flag
                or ResourceKind.Segment
                or ResourceKind.Import
                or ResourceKind.ChangeRequest
                or ResourceKind.Evidence;

    /// <summary>The kind with a wire name, or <see langword="null"/>.</summary>
    public static ResourceKind? Parse(string name)
    {
        foreach (var kind in Enum.GetValues<ResourceKind>())
        {
            if (kind.Name() == name)
                return kind;
        }
        return null;
    }
}

/// <summary>Where a resource is found inside its tenant. A key may be used again after deletion; the id may not.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Project">The project's key, or empty for what belongs to the tenant itself.</param>
/// <param name="Key">Unique among the resources of that kind and project.</param>
public sealed record ResourceName(ResourceKind Kind, string Project, string Key)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Project.Length == 0 ? $"{Kind.Name()} '{Key}'" : $"{Kind.Name()} '{Key}' of project '{Project}'";
}

/// <summary>A resource whose revision was not the expected one; 0 means that it does not exist.</summary>
public sealed record RevisionMismatch(ResourceName Resource, long Expected, long Actual);

/// <summary>A resource's state as the domain sees it: immutable, edited by replacing it.</summary>
/// <param name="Id">Random, never used again: a recreated resource has another.</param>
/// <param name="Name">Where it is found.</param>
public abstract record Resource(string Id, ResourceName Name)
{
    private const int MaxKept = 64 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = DefinitionJson.Encoder, SkipValidation = true };

    // One a thread: they would be most of what writing a document allocates.
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _threads;

    /// <summary>The canonical document: what the store keeps, the ledger describes and the API answers with.</summary>
    public byte[] ToDocument()
    {
        // Taken while it is used: a document may be written while another is.
        var taken = _threads ?? NewWriter();
        _threads = null;
        var (buffer, writer) = taken;
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        WriteMembers(writer);
        writer.WriteEndObject();
        writer.Flush();
        var document = CanonicalJson.Canonicalize(buffer.WrittenSpan);
        // A document without its like is no measure for those that follow.
        if (buffer.Capacity <= MaxKept)
            _threads = taken;
        return document;
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) NewWriter()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        return (buffer, new Utf8JsonWriter(buffer, Options));
    }

    /// <summary>
    /// Writes every member, <c>id</c> and <c>key</c> among them. Best in canonical order (by name): what stands in order need not be
    /// put in order.
    /// </summary>
    protected abstract void WriteMembers(Utf8JsonWriter writer);
}

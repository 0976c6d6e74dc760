using System.Text.Json;
using System.Text.Json.Nodes;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Approvals;

/// <summary>What a change request would do, as it is shown to those who approve it. Immutable; every list but the operations is sorted.</summary>
/// <param name="Operations">The typed operations in order, each as canonical JSON without its base revision.</param>
/// <param name="Bases">The revision of each resource touched that the operations were prepared on.</param>
/// <param name="Touched">The places in those resources that the operations change.</param>
/// <param name="Environments">The environments affected, as the server found them.</param>
/// <param name="Window">When it may be applied, or <see langword="null"/> for at once.</param>
public sealed record RequestContent(
    Sequence<string> Operations,
    Sequence<ResourceBase> Bases,
    Sequence<TouchedPath> Touched,
    Sequence<TargetEnvironment> Environments,
    ScheduleWindow? Window
)
{
    /// <summary>The most resources a request may touch, as for any change.</summary>
    public const int MaxResources = 20;

    /// <summary>The most places a request may touch.</summary>
    public const int MaxTouched = 2_000;

    /// <summary>The most environments a request may affect.</summary>
    public const int MaxEnvironments = 500;

    /// <summary>The content with these parts, put in order; or all that is wrong with them.</summary>
    public static Result<RequestContent> Of(
        IEnumerable<string> operations,
        IEnumerable<ResourceBase> bases,
        IEnumerable<TouchedPath> touched,
        IEnumerable<TargetEnvironment> environments,
        ScheduleWindow? window
    )
    {
        var content = new RequestContent(
            operations.ToSequence(),
            bases.Distinct().OrderBy(item => Order(item.Resource), StringComparer.Ordinal).ToSequence(),
            touched.Distinct().OrderBy(item => $"{Order(item.Resource)} {item.Pointer}", StringComparer.Ordinal).ToSequence(),
            environments.Distinct().OrderBy(item => item.Key, StringComparer.Ordinal).ToSequence(),
            window
        );
        var problems = content.Problems().ToList();
        return problems.Count == 0 ? content : new Error.Invalid(problems);
    }

    /// <summary>The canonical JSON of an operation that came in as JSON, without its base revision, which stands in <see cref="Bases"/>.</summary>
    public static string TextOf(Operation operation)
    {
        var json = JsonNode.Parse(operation.Source)!.AsObject();
        json.Remove("baseRevision");
        return System.Text.Encoding.UTF8.GetString(
            CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes((JsonNode)json))
        );
    }

    private IEnumerable<FieldProblem> Problems()
    {
        if (Operations.Count is 0 or > OperationJson.MaxOperations)
            yield return new FieldProblem("/operations", $"must have 1 to {OperationJson.MaxOperations} elements");
        foreach (var (place, operation) in Operations.Index())
        {
            var utf8 = System.Text.Encoding.UTF8.GetBytes(operation);
            if (!CanonicalJson.TryCanonicalize(utf8, out var canonical, out _) || !canonical.AsSpan().SequenceEqual(utf8))
                yield return new FieldProblem($"/operations/{place}", "must be canonical JSON");
        }
        if (Bases.Count > MaxResources)
            yield return new FieldProblem("/operations", $"must touch at most {MaxResources} resources");
        if (Bases.DistinctBy(item => item.Resource).Count() != Bases.Count)
            yield return new FieldProblem("/operations", "must be based on one revision of each resource");
        if (Touched.Count > MaxTouched)
            yield return new FieldProblem("/operations", $"must touch at most {MaxTouched} places");
        if (Environments.Count > MaxEnvironments)
            yield return new FieldProblem("/operations", $"must affect at most {MaxEnvironments} environments");
        if (Window is { } window && window.From >= window.To)
            yield return new FieldProblem("/schedule/notAfter", "must be later than notBefore");
    }

    private static string Order(ResourceName name) => $"{name.Kind.Name()} {name.Project} {name.Key}";
}

/// <summary>A resource and the revision a request is based on; 0 for one that must not exist.</summary>
public sealed record ResourceBase(ResourceName Resource, long Revision);

/// <summary>A place in a resource's document, as a JSON Pointer; empty for the whole document.</summary>
public sealed record TouchedPath(ResourceName Resource, string Pointer)
{
    /// <summary>Whether a change of one place can be seen in the other: the same, or one inside the other.</summary>
    public bool Overlaps(TouchedPath other) =>
        Resource == other.Resource && (IsInside(Pointer, other.Pointer) || IsInside(other.Pointer, Pointer));

    /// <inheritdoc/>
    public override string ToString() => Pointer.Length == 0 ? $"{Resource}" : $"{Resource} at {Words.Quote(Pointer)}";

    private static bool IsInside(string outer, string inner) =>
        inner.StartsWith(outer, StringComparison.Ordinal) && (inner.Length == outer.Length || inner[outer.Length] == '/');
}

/// <summary>An environment that a request affects: that very one, not another of its key.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Id">Its id, or <see cref="Created"/>.</param>
/// <param name="Type">Its type.</param>
public sealed record TargetEnvironment(string Key, string Id, EnvironmentType Type)
{
    /// <summary>In place of the id of an environment that the request itself creates.</summary>
    public const string Created = "new";
}

/// <summary>When a request may be applied, half-open.</summary>
public sealed record ScheduleWindow(DateTimeOffset From, DateTimeOffset To);

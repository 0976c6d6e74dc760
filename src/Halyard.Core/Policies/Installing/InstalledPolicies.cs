using System.Text;
using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Loading;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Installing;

/// <summary>One policy as its author wrote it.</summary>
/// <param name="Project">The project that it belongs to, or <see langword="null"/> for the organisation's floor.</param>
/// <param name="Yaml">The document.</param>
public sealed record PolicyDocument(string? Project, string Yaml);

/// <summary>
/// The approval policies that a tenant put in force. Until there is this resource no change waits for anybody; from then on the
/// defaults that ship answer wherever these have no say.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Roles">The roles that the tenant had when they were put in force: names that the documents may use for ever.</param>
/// <param name="Checks">The checks that the tenant had defined then: names like the roles.</param>
/// <param name="Documents">The policies; none leaves everything to the defaults.</param>
public sealed record InstalledPolicies(
    string Id,
    Sequence<string> Roles,
    Sequence<string> Checks,
    Sequence<PolicyDocument> Documents
) : Resource(Id, Place)
{
    private const string Key = "approvals";

    /// <summary>The most documents.</summary>
    public const int MaxDocuments = 50;

    /// <summary>The most characters of one document.</summary>
    public const int MaxYaml = 64 * 1024;

    /// <summary>The most characters of all together.</summary>
    public const int MaxText = 256 * 1024;

    /// <summary>Where they are found.</summary>
    public static ResourceName Place { get; } = new(ResourceKind.ApprovalPolicy, "", Key);

    /// <summary>Loads every document; all that is wrong is reported at once, with line and column.</summary>
    public static Result<LoadedPolicies> Load(Sequence<string> roles, Sequence<string> checks, Sequence<PolicyDocument> documents)
    {
        var vocabulary = new PolicyVocabulary(
            roles.Concat(ShippedPolicies.Roles).ToHashSet(StringComparer.Ordinal),
            checks.Concat(ShippedPolicies.Checks).ToHashSet(StringComparer.Ordinal)
        );
        var problems = new List<FieldProblem>();
        var loaded = new List<(string? Project, ApprovalPolicy Policy)>();
        foreach (var (place, document) in documents.Index())
        {
            var at = $"/policies/{place}/yaml";
            var loading = PolicyLoader.Load(Encoding.UTF8.GetBytes(document.Yaml), vocabulary);
            problems.AddRange(
                loading.Problems.Select(problem => problem.ToField()).Select(problem => problem with { Pointer = at })
            );
            if (loading.Policy is not { } policy)
                continue;
            if (loaded.Exists(other => other.Project == document.Project && other.Policy.Name == policy.Name))
                problems.Add(new FieldProblem(at, $"there is another policy '{policy.Name}' at the same level"));
            loaded.Add((document.Project, policy));
        }
        return problems.Count == 0 ? new LoadedPolicies(loaded) : new Error.Invalid(problems);
    }

    /// <summary>Whether a rule asks for a check.</summary>
    public bool NamesCheck(string check) =>
        Load(Roles, Checks, Documents).TryGet(out var loaded, out _) && loaded.NamesCheck(check);

    /// <summary>Reads <c>policies</c>, and reports all that is wrong with their form.</summary>
    public static Sequence<PolicyDocument> ReadDocuments(JsonCursor json)
    {
        var documents = json.List("policies", MaxDocuments, required: true).Select(ReadDocument).ToSequence();
        if (documents.Sum(document => (long)document.Yaml.Length) > MaxText)
            json["policies"].Problem($"must have at most {MaxText} characters together");
        return documents;
    }

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not that of policies: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.ApprovalPolicy)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        json.IsObject("checks", "id", "key", "policies", "roles");
        var policies = new InstalledPolicies(
            json.RequiredString("id", int.MaxValue),
            json.Strings("roles", int.MaxValue, int.MaxValue, required: true),
            // Those from before there were any do not have it.
            json.Strings("checks", int.MaxValue, int.MaxValue),
            ReadDocuments(json)
        );
        return problems.Count == 0 ? policies : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        if (Checks.Count > 0)
        {
            writer.WriteStartArray("checks");
            foreach (var check in Checks)
                writer.WriteStringValue(check);
            writer.WriteEndArray();
        }
        writer.WriteString("id", Id);
        writer.WriteString("key", Key);
        writer.WriteStartArray("policies");
        foreach (var document in Documents)
        {
            writer.WriteStartObject();
            if (document.Project is not null)
                writer.WriteString("project", document.Project);
            writer.WriteString("yaml", document.Yaml);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("roles");
        foreach (var role in Roles)
            writer.WriteStringValue(role);
        writer.WriteEndArray();
    }

    private static PolicyDocument ReadDocument(JsonCursor json)
    {
        json.IsObject("project", "yaml");
        return new PolicyDocument(
            json["project"].Exists ? json.RequiredKey("project") : null,
            json.RequiredString("yaml", MaxYaml)
        );
    }
}

using System.Text.Json;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Services;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Access;

/// <summary>A bearer token for people's tools and services. The secret itself is never stored.</summary>
/// <param name="Id">Its id; also its key.</param>
/// <param name="Title">Words for people; may name a person, so the ledger holds a commitment.</param>
/// <param name="Roles">The roles it carries; none where it is a service account's.</param>
/// <param name="Subject">The pseudonymous id of who acts with it.</param>
/// <param name="Secret">SHA-256 of the secret; the secret has 256 random bits, so a plain hash cannot be guessed.</param>
public sealed record Token(string Id, string Title, Sequence<string> Roles, string Subject, Digest Secret)
    : Resource(Id, NameOf(Id))
{
    /// <summary>What the subject of a token begins with that acts for nobody but itself.</summary>
    public const string SubjectPrefix = "s_";

    /// <summary>The most roles of one token.</summary>
    public const int MaxRoles = 50;

    /// <summary>How long it counts.</summary>
    public CredentialTerms Terms { get; init; } = CredentialTerms.Unlimited;

    /// <summary>Where what it carries counts; narrows whatever its subject may do.</summary>
    public ResourcePattern Scope { get; init; } = ResourcePattern.Everything;

    /// <summary>Pseudonymous id of the person who answers for it, or <see langword="null"/> where nobody is known.</summary>
    public string? Owner { get; init; }

    /// <summary>The service account that acts with it, or <see langword="null"/> where it acts for nobody but itself.</summary>
    public string? Account => ServiceAccount.IsOne(Subject) ? Subject : null;

    /// <summary>What it carries, in words.</summary>
    public string RolesInWords =>
        (Account, Roles.Count) switch
        {
            ({ } account, _) => $"of service account {account}",
            (_, 1) => $"with role {Roles[0]}",
            _ => $"with roles {string.Join(", ", Roles)}",
        };

    /// <summary>Where the token with this id is found.</summary>
    public static ResourceName NameOf(string id) => new(ResourceKind.Token, "", id);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        Terms.Write(writer);
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        writer.WriteString("name", Title);
        RoleJson.WriteUnlessNull(writer, "owner", Owner);
        WriteRoles(writer);
        RoleJson.WritePattern(writer, "scope", Scope);
        writer.WriteString("secret", Secret.ToString());
        writer.WriteString("subject", Subject);
    }

    // As documents always were where there is one.
    private void WriteRoles(Utf8JsonWriter writer)
    {
        if (Roles.Count == 1)
            writer.WriteString("role", Roles[0]);
        if (Roles.Count < 2)
            return;
        writer.WriteStartArray("roles");
        foreach (var role in Roles)
            writer.WriteStringValue(role);
        writer.WriteEndArray();
    }

    /// <summary>Reads what <see cref="WriteRoles"/> wrote.</summary>
    internal static Sequence<string> ReadRoles(JsonCursor json) =>
        json.NullableString("role", int.MaxValue) is { } only ? [only] : json.Strings("roles", int.MaxValue, int.MaxValue);
}

/// <summary>A key with which programs evaluate the flags of one environment.</summary>
/// <param name="Id">Its id; also its key.</param>
/// <param name="Title">Words for people.</param>
/// <param name="Project">The project it reads.</param>
/// <param name="Environment">The environment it reads.</param>
/// <param name="EnvironmentId">That very environment: a recreated one of the same key needs a new SDK key.</param>
/// <param name="Secret">SHA-256 of the secret.</param>
public sealed record SdkKey(string Id, string Title, string Project, string Environment, string EnvironmentId, Digest Secret)
    : Resource(Id, NameOf(Id))
{
    /// <summary>How long it counts.</summary>
    public CredentialTerms Terms { get; init; } = CredentialTerms.Unlimited;

    /// <summary>Whether it is in the hands of everybody who uses a program: then it sees no sensitive flag.</summary>
    public bool ClientSide { get; init; }

    /// <summary>Where the SDK key with this id is found.</summary>
    public static ResourceName NameOf(string id) => new(ResourceKind.SdkKey, "", id);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        if (ClientSide)
            writer.WriteBoolean("clientSide", true);
        writer.WriteString("environment", Environment);
        writer.WriteString("environmentId", EnvironmentId);
        Terms.Write(writer);
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        writer.WriteString("name", Title);
        writer.WriteString("project", Project);
        writer.WriteString("secret", Secret.ToString());
    }
}

/// <summary>Reads the documents of the access domain back from the store.</summary>
public static class AccessDocuments
{
    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for a kind of another domain.</summary>
    /// <exception cref="InvalidDataException">The document is not one of this kind: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind is not (ResourceKind.Token or ResourceKind.SdkKey))
            return RoleJson.Read(name, document) ?? AuthorizationPolicy.Read(name, document);
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        var id = json.RequiredString("id", int.MaxValue);
        var title = json.OptionalString("name", int.MaxValue);
        var known = Digest.TryParse(json.RequiredString("secret", int.MaxValue), out var secret);
        Resource resource =
            name.Kind == ResourceKind.Token
                ? new Token(id, title, Token.ReadRoles(json), json.RequiredString("subject", int.MaxValue), secret)
                {
                    Terms = CredentialTerms.Read(json),
                    Scope = RoleJson.ReadPattern(json["scope"]),
                    Owner = json.NullableString("owner", int.MaxValue),
                }
                : new SdkKey(
                    id,
                    title,
                    json.RequiredString("project", int.MaxValue),
                    json.RequiredString("environment", int.MaxValue),
                    json.RequiredString("environmentId", int.MaxValue),
                    secret
                )
                {
                    Terms = CredentialTerms.Read(json),
                    ClientSide = json.OptionalBool("clientSide"),
                };
        return known && problems.Count == 0
            ? resource
            : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }
}

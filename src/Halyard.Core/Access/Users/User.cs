using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Users;

/// <summary>
/// A person whom this server itself knows, with an e-mail address and a password. The id is the subject under which they act, whatever
/// becomes of the address: another address is no other person.
/// </summary>
/// <param name="Id">Pseudonymous, also the key.</param>
/// <param name="Email">As <see cref="Normal"/> makes it; unique in the tenant. Personal: the ledger holds a commitment.</param>
/// <param name="Title">What they are called; may be empty. Personal.</param>
/// <param name="Roles">The roles they have by themselves.</param>
/// <param name="Enabled">Whether they may log in.</param>
/// <param name="Password">Which of the passwords kept outside the log counts; never the password, nor its hash.</param>
/// <param name="Epoch">How often everything that was begun in their name came to its end: sessions of an earlier one are over.</param>
public sealed record User(
    string Id,
    string Email,
    string Title,
    Sequence<string> Roles,
    bool Enabled,
    string Password,
    long Epoch
) : Resource(Id, NameOf(Id))
{
    /// <summary>
    /// Whether somebody else knows the password, so that nothing is begun with it but a log-in that puts another in its place.
    /// </summary>
    public bool MustChangePassword { get; init; }

    /// <summary>The fence by which no address is given to two users at once.</summary>
    public const string Fence = "users";

    /// <summary>What every user's id begins with, and no other subject's.</summary>
    public const string IdPrefix = "u_";

    /// <summary>The most characters of an e-mail address (RFC 5321).</summary>
    public const int MaxEmail = 254;

    /// <summary>The most roles of one user.</summary>
    public const int MaxRoles = 50;

    /// <summary>Where the user with this id is found.</summary>
    public static ResourceName NameOf(string id) => new(ResourceKind.User, "", id);

    /// <summary>The address as it is kept and compared: nobody knows two mailboxes that differ by case alone.</summary>
    public static string Normal(string email) => email.Trim().ToLowerInvariant();

    /// <summary>Whether a normal address can be one: something before and after one <c>@</c>, without spaces.</summary>
    public static bool IsEmail(string email) =>
        email.Length is >= 3 and <= MaxEmail
        && email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
        && at == email.LastIndexOf('@')
        && at < email.Length - 1
        && !email.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter));

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("email", Email);
        writer.WriteBoolean("enabled", Enabled);
        writer.WriteNumber("epoch", Epoch);
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        if (MustChangePassword)
            writer.WriteBoolean("mustChangePassword", true);
        writer.WriteString("name", Title);
        writer.WriteString("password", Password);
        writer.WriteStartArray("roles");
        foreach (var role in Roles)
            writer.WriteStringValue(role);
        writer.WriteEndArray();
    }

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for a kind of another domain.</summary>
    /// <exception cref="InvalidDataException">The document is not that of a user: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.User)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        var user = new User(
            json.RequiredString("id", int.MaxValue),
            json.RequiredString("email", int.MaxValue),
            json.OptionalString("name", int.MaxValue),
            json.Strings("roles", int.MaxValue, int.MaxValue),
            json.RequiredBool("enabled"),
            json.RequiredString("password", int.MaxValue),
            json.RequiredLong("epoch", 0)
        )
        {
            MustChangePassword = json.OptionalBool("mustChangePassword"),
        };
        return problems.Count == 0 ? user : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }
}

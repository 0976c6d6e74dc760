using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Services;

/// <summary>
/// A program that acts under a name of its own. It has no secret: its tokens do, and what it may do its assignments say. One person
/// answers for it, and counts as the one who acts wherever people are counted, as approvals do.
/// </summary>
/// <param name="Id">Pseudonymous, also the key: the subject of its tokens and assignments, and never used again.</param>
/// <param name="Title">Words for people; may name a person, so the ledger holds a commitment.</param>
/// <param name="Description">Words for people; a commitment too.</param>
/// <param name="Owner">Pseudonymous id of the person who answers for it.</param>
/// <param name="Enabled">Whether its tokens count.</param>
public sealed record ServiceAccount(string Id, string Title, string Description, string Owner, bool Enabled)
    : Resource(Id, NameOf(Id))
{
    /// <summary>What every account's id begins with, and no other subject's.</summary>
    public const string IdPrefix = "m_";

    /// <summary>Where the account with this id is found.</summary>
    public static ResourceName NameOf(string id) => new(ResourceKind.ServiceAccount, "", id);

    /// <summary>Whether a subject is a service account, there or not.</summary>
    public static bool IsOne(string subject) => subject.StartsWith(IdPrefix, StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("description", Description);
        writer.WriteBoolean("enabled", Enabled);
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        writer.WriteString("name", Title);
        writer.WriteString("owner", Owner);
    }

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for a kind of another domain.</summary>
    /// <exception cref="InvalidDataException">The document is not that of a service account: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.ServiceAccount)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        var account = new ServiceAccount(
            json.RequiredString("id", int.MaxValue),
            json.OptionalString("name", int.MaxValue),
            json.OptionalString("description", int.MaxValue),
            json.RequiredString("owner", int.MaxValue),
            json.RequiredBool("enabled")
        );
        return problems.Count == 0 ? account : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }
}

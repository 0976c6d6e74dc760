using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals;

/// <summary>
/// Lets one person approve for another for a while. It passes on what the person who gives it holds, never what that person was
/// given: there are no chains.
/// </summary>
/// <param name="Id">Its id; also its key.</param>
/// <param name="From">Who gives it; only that person can, and only that person can withdraw it.</param>
/// <param name="To">Who may approve for them.</param>
/// <param name="Scope">For what.</param>
/// <param name="ValidFrom">From when on.</param>
/// <param name="ValidTo">Until when, exclusive.</param>
public sealed record Delegation(
    string Id,
    Party From,
    Party To,
    DelegationScope Scope,
    DateTimeOffset ValidFrom,
    DateTimeOffset ValidTo
) : Resource(Id, NameOf(Id))
{
    /// <summary>The longest time one delegation may be valid.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(366);

    /// <summary>Where the delegation with this id is found.</summary>
    public static ResourceName NameOf(string id) => new(ResourceKind.Delegation, "", id);

    /// <summary>The delegation that somebody wants to give; or all that is wrong with it.</summary>
    /// <param name="by">Who asks: must be who gives it.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="at">Now.</param>
    public static Result<Delegation> Give(Party by, Delegation wanted, DateTimeOffset at)
    {
        var problems = new List<FieldProblem>();
        if (!by.IsSameAs(wanted.From))
            return new Error.Denied("a delegation is given by the person whose approvals it passes on, and by nobody else");
        if (wanted.To.IsSameAs(wanted.From))
            problems.Add(new FieldProblem("/to", "must be another person"));
        if (wanted.ValidFrom >= wanted.ValidTo)
            problems.Add(new FieldProblem("/validTo", "must be later than its begin"));
        else if (wanted.ValidTo - wanted.ValidFrom > MaxDuration)
            problems.Add(new FieldProblem("/validTo", $"must be at most {MaxDuration.Days} days after its begin"));
        if (wanted.ValidTo <= at)
            problems.Add(new FieldProblem("/validTo", "must be in the future"));
        if (wanted.Scope.Project is null && wanted.Scope.Environments.Count > 0)
            problems.Add(new FieldProblem("/scope/environments", "needs a project"));
        return problems.Count == 0 ? wanted : new Error.Invalid(problems);
    }

    /// <summary>Why the voter cannot vote for who gave it on this request, in words; <see langword="null"/> where nothing speaks against it.</summary>
    public string? Refusal(Party voter, ChangeRequest request, DateTimeOffset at) =>
        voter.Subject != To.Subject ? $"it was given to {Words.Of(To)}"
        : at < ValidFrom ? "it is not valid yet"
        : at >= ValidTo ? "it is not valid any more"
        : !Scope.Covers(request) ? "it does not cover this request"
        : null;

    /// <summary>What a difference between two states of a delegation means; empty for other resources.</summary>
    public static IReadOnlyList<SemanticChange> Compare(Resource? before, Resource? after) =>
        ((before ?? after) as Delegation, before is null) switch
        {
            (null, _) => [],
            ({ } given, true) =>
            [
                new SemanticChange("delegation.created", null, $"{Words.Of(given.To)} may approve for {Words.Of(given.From)}"),
            ],
            ({ } gone, false) when after is null =>
            [
                new SemanticChange(
                    "delegation.revoked",
                    null,
                    $"{Words.Of(gone.To)} may no longer approve for {Words.Of(gone.From)}"
                ),
            ],
            _ => [],
        };

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not that of a delegation: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.Delegation)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        json.IsObject("environments", "from", "id", "key", "project", "to", "validFrom", "validTo");
        var delegation = new Delegation(
            json.RequiredString("id", int.MaxValue),
            PartyJson.Read(json["from"]),
            PartyJson.Read(json["to"]),
            new DelegationScope(
                json.NullableString("project", int.MaxValue),
                json.Strings("environments", int.MaxValue, int.MaxValue, required: true)
            ),
            ChangeRequestJson.RequiredTime(json, "validFrom"),
            ChangeRequestJson.RequiredTime(json, "validTo")
        );
        return problems.Count == 0 && delegation.Id == name.Key
            ? delegation
            : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        ChangeRequestJson.WriteList(writer, "environments", Scope.Environments, (to, key) => to.WriteStringValue(key));
        writer.WritePropertyName("from");
        PartyJson.Write(writer, From);
        writer.WriteString("id", Id);
        writer.WriteString("key", Name.Key);
        if (Scope.Project is not null)
            writer.WriteString("project", Scope.Project);
        writer.WritePropertyName("to");
        PartyJson.Write(writer, To);
        writer.WriteString("validFrom", Rfc3339.Format(ValidFrom));
        writer.WriteString("validTo", Rfc3339.Format(ValidTo));
    }
}

/// <summary>What a delegation covers.</summary>
/// <param name="Project">The project's key, or <see langword="null"/> for every project.</param>
/// <param name="Environments">Keys of that project's environments, or none for every environment.</param>
public sealed record DelegationScope(string? Project, Sequence<string> Environments)
{
    /// <summary>
    /// Whether everything that a request affects is covered. One that reaches no environment reaches them all: it is covered where none
    /// are named.
    /// </summary>
    public bool Covers(ChangeRequest request)
    {
        var (keys, reached) = (Environments, request.Content.Environments);
        return (Project is null || Project == request.Project)
            && (
                keys.Count == 0 || (reached.Count > 0 && reached.All(target => keys.Contains(target.Key, StringComparer.Ordinal)))
            );
    }
}

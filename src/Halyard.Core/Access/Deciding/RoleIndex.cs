using System.Collections.Frozen;
using Halyard.Core.Access.Roles;
using Halyard.Evaluation.Definitions;
using Halyard.Rego;

namespace Halyard.Core.Access.Deciding;

/// <summary>What is said of an action, as policies read it.</summary>
internal sealed record Sentences(RegoValue[] Allow, RegoValue[] Deny)
{
    public static Sentences None { get; } = new([], []);
}

/// <summary>A role's grants by action, as policies read them.</summary>
internal sealed class RoleIndex
{
    private readonly FrozenDictionary<string, Grant[]> _grants;
    private readonly FrozenDictionary<string, Sentences> _own;

    public RoleIndex(Role role)
    {
        Role = role;
        var byAction = new Dictionary<string, List<Grant>>(StringComparer.Ordinal);
        foreach (var grant in role.Grants)
        {
            Func<string, IEnumerable<string>> names = grant.Effect == GrantEffect.Allow ? Actions.Allowed : Actions.Matching;
            var actions = grant.Actions.SelectMany(names).ToHashSet(StringComparer.Ordinal);
            // Whoever may change something may be told why a change is refused.
            if (grant.Effect == GrantEffect.Allow && Actions.OfChanges.Any(actions.Contains))
                actions.Add(Actions.Submit);
            foreach (var action in actions)
            {
                if (!byAction.TryGetValue(action, out var grants))
                    byAction[action] = grants = [];
                grants.Add(grant);
            }
        }
        _grants = byAction.ToFrozenDictionary(item => item.Key, item => item.Value.ToArray(), StringComparer.Ordinal);
        _own = _grants.ToFrozenDictionary(item => item.Key, item => Make(item.Value, null), StringComparer.Ordinal);
    }

    public Role Role { get; }

    /// <summary>What the role says of an action where the credential itself carries the role.</summary>
    public Sentences Of(string action) => _own.GetValueOrDefault(action, Sentences.None);

    /// <summary>What it says where an assignment gives it.</summary>
    public Sentences Of(string action, Assignment assignment) =>
        _grants.TryGetValue(action, out var grants) ? Make(grants, assignment) : Sentences.None;

    private Sentences Make(Grant[] grants, Assignment? assignment) =>
        new(
            [.. grants.Where(grant => grant.Effect == GrantEffect.Allow).Select(grant => Sentence(grant, assignment))],
            [.. grants.Where(grant => grant.Effect == GrantEffect.Deny).Select(grant => Sentence(grant, assignment))]
        );

    private RegoObject Sentence(Grant grant, Assignment? assignment)
    {
        var members = new RegoObjectBuilder();
        if (assignment?.NotAfter is { } end)
            members.Set(Text("notAfter"), RegoValue.Of(end.ToUnixTimeSeconds()));
        if (assignment?.NotBefore is { } start)
            members.Set(Text("notBefore"), RegoValue.Of(start.AddTicks(TimeSpan.TicksPerSecond - 1).ToUnixTimeSeconds()));
        members.Set(Text("resource"), Pattern(grant.Resource));
        members.Set(Text("scope"), Pattern(assignment?.Scope ?? ResourcePattern.Everything));
        members.Set(Text("when"), Conditions(grant.When));
        var by = assignment is null
            ? "of the credential"
            : $"given to {AccessWords.Holder(assignment)}{AccessWords.Where(assignment.Scope)} by assignment {assignment.Id}";
        members.Set(Text("words"), Text($"role '{Role.Key}' {by}: {AccessWords.Of(grant)}"));
        return members.Build();
    }

    private static RegoObject Pattern(ResourcePattern pattern)
    {
        var members = new RegoObjectBuilder();
        Set(members, "environments", pattern.Environments);
        Set(members, "environmentTypes", pattern.EnvironmentTypes.Select(WireNames.Of));
        Set(members, "kinds", pattern.Kinds);
        Set(members, "projects", pattern.Projects);
        Set(members, "tags", pattern.Tags);
        return members.Build();
    }

    private static RegoObject Conditions(GrantConditions when)
    {
        var members = new RegoObjectBuilder();
        Set(members, "acr", when.Acr);
        Set(members, "actorKinds", when.ActorKinds.Select(WireNames.Of));
        if (when.Incident)
            members.Set(Text("incident"), RegoValue.Of(true));
        if (when.MaxAgeSeconds is { } age)
            members.Set(Text("maxAgeSeconds"), RegoValue.Of(age));
        if (when.Ticket)
            members.Set(Text("ticket"), RegoValue.Of(true));
        return members.Build();
    }

    private static void Set(RegoObjectBuilder members, string name, IEnumerable<string> values)
    {
        if (RegoArray.From(values.Select(Text)) is { Count: > 0 } list)
            members.Set(Text(name), list);
    }

    private static RegoValue Text(string text) => RegoValue.Of(text);
}

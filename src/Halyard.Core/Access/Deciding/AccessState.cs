using System.Collections.Concurrent;
using System.Collections.Frozen;
using Halyard.Core.Access.Roles;
using Halyard.Rego;

namespace Halyard.Core.Access.Deciding;

/// <summary>
/// A tenant's roles, assignments and policy at one version, ready to be asked about: every pattern of actions expanded, every
/// sentence of a role found by its action. Immutable but for what it remembers of sentences it has put together.
/// </summary>
public sealed class AccessState
{
    private readonly FrozenDictionary<string, RoleIndex> _roles;
    private readonly FrozenDictionary<string, Assignment[]> _bySubject;
    private readonly FrozenDictionary<string, Assignment[]> _byGroup;
    private readonly ConcurrentDictionary<(string Assignment, string Action), Sentences> _known = new();

    /// <summary>Prepares a state.</summary>
    /// <param name="version">The value of <see cref="Role.Fence"/>; says of which state a decision was made.</param>
    /// <param name="roles">The roles that the tenant defines; those that ship are added.</param>
    /// <param name="assignments">Every assignment, also those that are not in force.</param>
    /// <param name="program">The policy.</param>
    public AccessState(long version, IEnumerable<Role> roles, IEnumerable<Assignment> assignments, PolicyProgram program)
    {
        Version = version;
        Program = program;
        Assignments = [.. assignments];
        // A role that ships counts before one of its name that the tenant defined while no such role shipped.
        _roles = BuiltInRoles
            .All.Concat(roles)
            .DistinctBy(role => role.Key, StringComparer.Ordinal)
            .ToFrozenDictionary(role => role.Key, role => new RoleIndex(role), StringComparer.Ordinal);
        _bySubject = Index(Assignments, assignment => assignment.Subject);
        _byGroup = Index(Assignments, assignment => assignment.Group);
    }

    /// <summary>The value of <see cref="Role.Fence"/> that the state belongs to.</summary>
    public long Version { get; }

    /// <summary>The policy.</summary>
    public PolicyProgram Program { get; }

    /// <summary>Every assignment.</summary>
    public IReadOnlyList<Assignment> Assignments { get; }

    /// <summary>The state in the words that the log has for it.</summary>
    public string Name => $"access@{Version}";

    /// <summary>The role with a key, or <see langword="null"/>.</summary>
    public Role? Find(string role) => _roles.GetValueOrDefault(role)?.Role;

    /// <summary>The assignments that name an actor or a group of his, in force or not.</summary>
    public IEnumerable<Assignment> Of(Actor actor)
    {
        IEnumerable<Assignment> own = _bySubject.GetValueOrDefault(actor.Subject, []);
        foreach (var group in actor.Groups)
            own = own.Concat(_byGroup.GetValueOrDefault(group, []));
        return own;
    }

    /// <summary>
    /// What every role of an actor says of some actions: the members <c>allow</c> and <c>deny</c> of a question. The roles of his
    /// credential count everywhere; a role that does not exist says nothing.
    /// </summary>
    public (RegoValue Allow, RegoValue Deny) SentencesOf(Actor actor, IReadOnlyCollection<string> actions)
    {
        var (allow, deny) = (RegoObject.Empty, RegoObject.Empty);
        foreach (var action in actions)
        {
            var (allowed, denied) = (new List<RegoValue>(), new List<RegoValue>());
            Add(BuiltInRoles.Everybody, null, action, allowed, denied);
            if (actor.Limits.IsEverything)
            {
                foreach (var role in actor.Roles)
                    Add(role, null, action, allowed, denied);
                foreach (var assignment in Of(actor))
                    Add(assignment.Role, assignment, action, allowed, denied);
            }
            else
            {
                AddLimited(actor, action, allowed, denied);
            }
            var name = RegoValue.Of(action);
            allow = allow.With(name, RegoArray.From(allowed));
            deny = deny.With(name, RegoArray.From(denied));
        }
        return (allow, deny);
    }

    /// <summary>The same for a credential that counts in some places alone: what is allowed is narrowed, what is denied is not.</summary>
    private void AddLimited(Actor actor, string action, List<RegoValue> allowed, List<RegoValue> denied)
    {
        var given = actor.Roles.Select(role => new Assignment(
            actor.Credential ?? actor.Subject,
            actor.Subject,
            null,
            role,
            ResourcePattern.Everything,
            null,
            null
        ));
        foreach (var assignment in given.Concat(Of(actor)))
        {
            if (!_roles.TryGetValue(assignment.Role, out var index))
                continue;
            denied.AddRange(index.Of(action, assignment).Deny);
            if (assignment.Scope.Within(actor.Limits) is { } scope)
                allowed.AddRange(index.Of(action, assignment with { Scope = scope }).Allow);
        }
    }

    private void Add(string role, Assignment? assignment, string action, List<RegoValue> allowed, List<RegoValue> denied)
    {
        if (!_roles.TryGetValue(role, out var index))
            return;
        var sentences = assignment is null
            ? index.Of(action)
            : _known.GetOrAdd(
                (assignment.Id, action),
                static (key, made) => made.index.Of(key.Action, made.assignment),
                (index, assignment)
            );
        allowed.AddRange(sentences.Allow);
        denied.AddRange(sentences.Deny);
    }

    private static FrozenDictionary<string, Assignment[]> Index(
        IEnumerable<Assignment> assignments,
        Func<Assignment, string?> holder
    ) =>
        assignments
            .Where(assignment => holder(assignment) is not null)
            .GroupBy(assignment => holder(assignment)!, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
}

using Halyard.Core.Access;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals;

/// <summary>Somebody who acts on a change request.</summary>
/// <param name="Subject">Pseudonymous id of who acts.</param>
/// <param name="Person">The person behind it: the human owner of a service account or token; the subject itself for people.</param>
public sealed record Party(string Subject, string Person)
{
    /// <summary>Who acts, and the person behind it.</summary>
    public static Party Of(Actor actor) => new(actor.Subject, actor.Owner ?? actor.OnBehalfOf ?? actor.Subject);

    /// <summary>A person who acts without anything in between.</summary>
    public static Party Human(string subject) => new(subject, subject);

    /// <summary>Whether both are one person, in whatever guise.</summary>
    public bool IsSameAs(Party other) =>
        Person == other.Person || Subject == other.Subject || Subject == other.Person || Person == other.Subject;
}

/// <summary>Somebody active who may approve.</summary>
/// <param name="Who">Who.</param>
/// <param name="Holds">
/// What counts for quorum groups: role names, <c>group:NAME</c>, and <c>owners</c> for who owns the flags that the request touches.
/// </param>
public sealed record Approver(Party Who, Sequence<string> Holds);

/// <summary>Who is active now, and what each holds in the project and environments of one request.</summary>
public sealed record ApproverDirectory(Sequence<Approver> Members)
{
    /// <summary>What the party holds; <see langword="null"/> for who is not active.</summary>
    public Approver? Find(Party party) => Members.FirstOrDefault(member => member.Who.Subject == party.Subject);
}

using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Users;

/// <summary>Edits one user.</summary>
public abstract record UserOperation(string Id) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => User.NameOf(Id);
}

/// <summary>Creates a user.</summary>
/// <param name="Id">Their id.</param>
/// <param name="Email">Their address.</param>
/// <param name="Title">What they are called.</param>
/// <param name="Roles">Their roles.</param>
/// <param name="Password">Which password counts.</param>
public sealed record CreateUser(string Id, string Email, string Title, Sequence<string> Roles, string Password)
    : UserOperation(Id);

/// <summary>Changes what describes a user; members that are <see langword="null"/> stay.</summary>
public sealed record UpdateUser(string Id, string? Email, string? Title, Sequence<string>? Roles) : UserOperation(Id);

/// <summary>Lets a user log in again, or no more; then everything begun in their name is over too.</summary>
public sealed record SetUserEnabled(string Id, bool Enabled) : UserOperation(Id);

/// <summary>Lets another password count; everything begun with the former one is over.</summary>
/// <param name="Id">Whose.</param>
/// <param name="Password">Which password counts.</param>
/// <param name="MustChange">Whether somebody else chose it: its owner puts another in its place at the next log-in.</param>
public sealed record SetPassword(string Id, string Password, bool MustChange) : UserOperation(Id)
{
    /// <summary>
    /// The user's epoch when the password of then was proved, so that who knew one that was taken away meanwhile sets none;
    /// <see langword="null"/> where somebody else sets it who may.
    /// </summary>
    public long? Proved { get; init; }
}

/// <summary>Deletes a user.</summary>
public sealed record DeleteUser(string Id) : UserOperation(Id);

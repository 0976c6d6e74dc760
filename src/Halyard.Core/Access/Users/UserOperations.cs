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
public sealed record SetPassword(string Id, string Password) : UserOperation(Id);

/// <summary>Deletes a user.</summary>
public sealed record DeleteUser(string Id) : UserOperation(Id);

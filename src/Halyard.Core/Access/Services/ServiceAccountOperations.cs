using Halyard.Core.Flags;

namespace Halyard.Core.Access.Services;

/// <summary>Edits one service account.</summary>
public abstract record ServiceAccountOperation(string Id) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => ServiceAccount.NameOf(Id);
}

/// <summary>Creates a service account.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Words for people.</param>
/// <param name="Description">Words for people.</param>
/// <param name="Owner">Who creates it, and answers for it from now on; <see langword="null"/> where no person does, which is refused.</param>
public sealed record CreateServiceAccount(string Id, string Title, string Description, string? Owner)
    : ServiceAccountOperation(Id);

/// <summary>Changes a service account; members that are <see langword="null"/> stay.</summary>
public sealed record UpdateServiceAccount(string Id, string? Title, string? Description, bool? Enabled)
    : ServiceAccountOperation(Id);

/// <summary>Lets another person answer for a service account; whatever secrets the one before knows are worth nothing from then on.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">Who takes it over; <see langword="null"/> where no person does, which is refused.</param>
public sealed record TakeOverServiceAccount(string Id, string? Owner) : ServiceAccountOperation(Id);

/// <summary>Deletes a service account; its tokens are worth nothing from then on.</summary>
public sealed record DeleteServiceAccount(string Id) : ServiceAccountOperation(Id);

namespace Halyard.Contracts;

/// <summary>Asks for a service account; whoever asks answers for it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Reason">Why.</param>
public sealed record ServiceAccountBody(string Name, string? Description, string? Reason);

/// <summary>Changes a service account; what is absent stays.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Enabled">Whether its tokens count.</param>
/// <param name="Reason">Why.</param>
public sealed record ServiceAccountUpdateBody(string? Name, string? Description, bool? Enabled, string? Reason);

/// <summary>A service account.</summary>
/// <param name="Id">The pseudonymous id under which it acts, and to which roles are assigned.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Owner">Pseudonymous id of the person who answers for it, and counts as the one who acts.</param>
/// <param name="Enabled">Whether its tokens count.</param>
/// <param name="Revision">The revision.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public sealed record ServiceAccountAnswer(
    string Id,
    string Name,
    string Description,
    string Owner,
    bool Enabled,
    long Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
);

/// <summary>A service account just created.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Ledger">The receipt.</param>
public sealed record CreatedServiceAccountAnswer(string Id, ReceiptAnswer Ledger);

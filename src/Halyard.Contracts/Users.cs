namespace Halyard.Contracts;

/// <summary>Asks for a session by e-mail address and password.</summary>
/// <param name="Email">The address.</param>
/// <param name="Password">The password.</param>
/// <param name="Tenant">The tenant of the account; absent for <c>default</c>.</param>
/// <param name="Token">Whether a bearer token is wanted in place of a session; absent for no.</param>
/// <param name="NewPassword">
/// Another password that is to count from now on: 12 to 128 characters. Required where somebody else chose the one of now; absent to keep
/// it.
/// </param>
public sealed record LogInBody(string Email, string Password, string? Tenant, bool? Token, string? NewPassword);

/// <summary>A bearer token just given.</summary>
/// <param name="AccessToken">The token (JWT, ES256), for <c>Authorization: Bearer …</c>.</param>
/// <param name="TokenType"><c>Bearer</c>.</param>
/// <param name="ExpiresIn">How many seconds it lasts.</param>
public sealed record TokenAnswer(string AccessToken, string TokenType, int ExpiresIn);

/// <summary>Puts another password in place of one's own.</summary>
public sealed record PasswordChangeBody(string CurrentPassword, string NewPassword);

/// <summary>Asks for a user.</summary>
/// <param name="Email">Their address; no two users of a tenant have the same.</param>
/// <param name="Name">What they are called.</param>
/// <param name="Roles">Their roles.</param>
/// <param name="Password">12 to 128 characters; absent for a random one, which the answer tells.</param>
/// <param name="Reason">Why.</param>
public sealed record UserBody(string Email, string? Name, IReadOnlyList<string>? Roles, string? Password, string? Reason);

/// <summary>Changes what describes a user; what is absent stays.</summary>
public sealed record UserUpdateBody(string? Email, string? Name, IReadOnlyList<string>? Roles, string? Reason);

/// <summary>Gives a user another password.</summary>
/// <param name="Password">12 to 128 characters; absent for a random one, which the answer tells.</param>
/// <param name="Reason">Why.</param>
public sealed record PasswordResetBody(string? Password, string? Reason);

/// <summary>A user.</summary>
/// <param name="Id">The pseudonymous id under which they act; it never changes.</param>
/// <param name="Email">Their address.</param>
/// <param name="Name">What they are called.</param>
/// <param name="Roles">The roles they have by themselves.</param>
/// <param name="Enabled">Whether they may log in.</param>
/// <param name="Revision">The revision.</param>
/// <param name="CreatedAt">When they were created.</param>
/// <param name="UpdatedAt">When they were last changed.</param>
public sealed record UserAnswer(
    string Id,
    string Email,
    string Name,
    IReadOnlyList<string> Roles,
    bool Enabled,
    long Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    /// <summary>True where an administrator set the password, and its owner must choose another at the next log-in; else absent.</summary>
    public bool? MustChangePassword { get; init; }
}

/// <summary>A user whose password was just set.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Password">The random password, shown this once; absent where it was given, or when the same request is answered again.</param>
/// <param name="Ledger">The receipt.</param>
public sealed record NewPasswordAnswer(string Id, string? Password, ReceiptAnswer Ledger);

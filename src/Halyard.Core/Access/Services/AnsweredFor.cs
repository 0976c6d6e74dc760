using Halyard.Core.Access.Users;

namespace Halyard.Core.Access.Services;

/// <summary>
/// Which tokens somebody answers for. A user of this server who was disabled or deleted answers for nothing, and a token of a service
/// account counts as long as the account is enabled and still belongs to the person who made the token.
/// </summary>
/// <param name="users">The users of this server who may log in; others may be among them and do not count.</param>
/// <param name="accounts">The service accounts.</param>
public sealed class AnsweredFor(IEnumerable<User> users, IEnumerable<ServiceAccount> accounts)
{
    private readonly HashSet<string> _users = [.. users.Where(user => user.Enabled).Select(user => user.Id)];

    private readonly Dictionary<string, ServiceAccount> _accounts = accounts.ToDictionary(
        account => account.Id,
        StringComparer.Ordinal
    );

    /// <summary>Whether a token counts, as far as that depends on people and accounts.</summary>
    public bool Counts(Token token) =>
        CountsBy(token.Owner, _users.Contains) && (token.Account is not { } id || IsOf(_accounts.GetValueOrDefault(id), token));

    /// <summary>Whether a person can answer for anything; of those whom identity providers know nothing is known, and nobody is nothing.</summary>
    /// <param name="owner">Pseudonymous id of the person, or <see langword="null"/> where nobody is known.</param>
    /// <param name="mayLogIn">Whether a user of this server may.</param>
    public static bool CountsBy(string? owner, Func<string, bool> mayLogIn) =>
        owner is null || !owner.StartsWith(User.IdPrefix, StringComparison.Ordinal) || mayLogIn(owner);

    /// <summary>Whether a token may act for an account, as the account is now.</summary>
    public static bool IsOf(ServiceAccount? account, Token token) => account is { Enabled: true } && account.Owner == token.Owner;
}

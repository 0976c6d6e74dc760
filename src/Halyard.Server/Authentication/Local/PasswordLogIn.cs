using Halyard.Core.Access.Users;
using Halyard.Core.Storage;

namespace Halyard.Server.Authentication.Local;

/// <summary>
/// Decides whether somebody has an account's password. Whatever is wrong (no such tenant, no such account, a disabled one, another
/// password), the answer and the time it takes are the same.
/// </summary>
internal sealed class PasswordLogIn(
    IStore store,
    LocalUsers users,
    PasswordHashing hashing,
    PasswordVault passwords,
    LogInThrottle throttle,
    FailedLogIns failed
)
{
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(2);

    /// <summary>Who has this address and this password.</summary>
    public async ValueTask<LogInResult> ProveAsync(HttpContext context, string tenant, string email, string password)
    {
        var cancellationToken = context.RequestAborted;
        var address = context.Connection.RemoteIpAddress;
        var normal = User.Normal(email);
        if (throttle.Begin(tenant, normal, address) is { } wait)
            return new LogInResult.MustWait(wait);
        var tenantExists = await store.HeadAsync(tenant, cancellationToken) is not null;
        var user = await users.NamedAsync(tenant, normal, cancellationToken);
        var hash = await passwords.FindAsync(tenant, user, cancellationToken);
        if (await hashing.VerifyAsync(hash, password, cancellationToken) is not { } isRight)
            return new LogInResult.MustWait(WhenBusy);
        if (isRight && user is { Enabled: true })
        {
            throttle.Succeeded(tenant, normal, address);
            return new LogInResult.Proven(user);
        }
        // It failed, whether or not whoever tries waits for the answer. What was tried at no tenant has no log.
        if (tenantExists)
            await failed.NoteAsync(tenant, user, Caller.RequestOf(context, null), CancellationToken.None);
        return new LogInResult.Wrong();
    }
}

/// <summary>What came of a log-in.</summary>
internal abstract record LogInResult
{
    private LogInResult() { }

    /// <summary>It is this user.</summary>
    internal sealed record Proven(User User) : LogInResult;

    /// <summary>It is nobody who may log in.</summary>
    internal sealed record Wrong : LogInResult;

    /// <summary>Nothing was decided: too many tries, or too many at once.</summary>
    internal sealed record MustWait(TimeSpan Wait) : LogInResult;
}

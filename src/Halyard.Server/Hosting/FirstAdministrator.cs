using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Access.Users;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Storage;
using Halyard.Server.Authentication.Local;
using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Hosting;

/// <summary>Makes the administrator with whom people log in first, where a tenant never had a user.</summary>
internal sealed class FirstAdministrator(
    ChangeService changes,
    IStore store,
    NewPasswords passwords,
    PasswordVault vault,
    LocalOptions options,
    Entropy entropy
)
{
    private const string Created = "user.created";

    /// <summary>
    /// Makes the administrator unless there was ever a user, none is wanted, or local users are switched off. Returns the password to
    /// show, or <see langword="null"/> where nobody was made or a file gave it.
    /// </summary>
    /// <exception cref="IOException">The file of the password cannot be used.</exception>
    public async Task<string?> EnsureAsync(string tenant, CancellationToken cancellationToken)
    {
        if (!options.Enabled || options.AdminEmail.Length == 0)
            return null;
        if (await store.CountAsync(tenant, new AuditQuery { Actions = [Created] }, cancellationToken) > 0)
            return null;
        var email = User.Normal(options.AdminEmail);
        var given = options.AdminPasswordFile.Length == 0 ? null : PrivateFile.Read(options.AdminPasswordFile).Trim();
        if (given is not null && PasswordRules.Problem(given, email) is { } problem)
            throw new IOException($"The password in '{options.AdminPasswordFile}' {problem}.");

        var id = entropy.NewId("u");
        var kept = await passwords.KeepAsync(tenant, id, given, null, cancellationToken);
        if (!kept.TryGet(out var password, out var error))
            throw new InvalidOperationException($"The first administrator cannot be made: {error}");
        var submission = new Submission(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            Change.Edit(
                "",
                [new CreateUser(id, email, "Administrator", [BuiltInRoles.Admin], password.Id)],
                "first administrator",
                action: "user.create"
            )
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (result.Error is null && result.Value is Outcome.Applied)
            return password.Drawn;
        await vault.ForgetAsync(tenant, id, cancellationToken);
        throw new InvalidOperationException($"The first administrator cannot be made: {result.Error}");
    }
}

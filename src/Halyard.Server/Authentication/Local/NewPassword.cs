using System.Buffers.Text;
using Halyard.Core;
using Halyard.Core.Access.Users;

namespace Halyard.Server.Authentication.Local;

/// <summary>A password that a change is about to let count: its hash is kept, and nothing names it yet.</summary>
/// <param name="Id">By which the user's resource names it.</param>
/// <param name="Drawn">The password where it was drawn here, to be shown once; <see langword="null"/> where somebody gave it.</param>
internal sealed record NewPassword(string Id, string? Drawn);

/// <summary>Makes new passwords count, in two steps: the hash is kept first, then the pipeline lets the user name it.</summary>
internal sealed class NewPasswords(PasswordHashing hashing, PasswordVault vault, Entropy entropy)
{
    private const int DrawnBytes = 18;

    /// <summary>Keeps the hash of a password, which is drawn where none is given.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="user">Pseudonymous id of whose it will be.</param>
    /// <param name="given">The password, or <see langword="null"/>.</param>
    /// <param name="now">The user as they are, or <see langword="null"/> for a new one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<Result<NewPassword>> KeepAsync(
        string tenant,
        string user,
        string? given,
        User? now,
        CancellationToken cancellationToken
    )
    {
        var drawn = given is null ? Base64Url.EncodeToString(entropy.Bytes(DrawnBytes)) : null;
        if (await hashing.HashAsync(given ?? drawn!, cancellationToken) is not { } hash)
            return new Error.Contended();
        var id = entropy.NewId("pw");
        return await vault.KeepAsync(tenant, user, id, hash, now?.Password, cancellationToken)
            ? new NewPassword(id, drawn)
            : new Error.NotFound("user", user);
    }
}

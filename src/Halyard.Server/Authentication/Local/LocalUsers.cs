using Halyard.Core.Access.Users;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;

namespace Halyard.Server.Authentication.Local;

/// <summary>Finds the users that this server itself knows, in the store as it is now: who was disabled is so at once, on every server.</summary>
internal sealed class LocalUsers(IStore store, PersonalVault vault, LocalOptions options)
{
    /// <summary>The user with an id; <see langword="null"/> too where local users are switched off.</summary>
    public async ValueTask<User?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (!options.Enabled)
            return null;
        var name = User.NameOf(id);
        var slice = await store.LoadAsync(tenant, [name], [], cancellationToken);
        return slice.Resources.TryGetValue(name, out var stored) ? (User)ResourceDocuments.Read(name, stored.Document) : null;
    }

    /// <summary>The user who has an e-mail address now, or <see langword="null"/>. What it asks of the store is the same either way.</summary>
    public async ValueTask<User?> NamedAsync(string tenant, string email, CancellationToken cancellationToken)
    {
        var normal = User.Normal(email);
        var named = await vault.NamedAsync(tenant, normal, cancellationToken);
        var slice = await store.LoadAsync(tenant, [.. named.Append(Nobody).Select(User.NameOf)], [], cancellationToken);
        return slice
            .Resources.Values.Select(stored => (User)ResourceDocuments.Read(stored.Name, stored.Document))
            .FirstOrDefault(user => user.Email == normal);
    }

    /// <summary>No user's id: nobody is looked for like somebody.</summary>
    public const string Nobody = "u_nobody";
}

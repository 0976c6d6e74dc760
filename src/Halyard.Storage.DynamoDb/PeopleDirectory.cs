using System.Security.Cryptography;
using System.Text;
using Halyard.Core;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb;

/// <summary>
/// The directory of one tenant's people. A name is in no key: it is found by its HMAC under a random key that is the tenant's own, so
/// that neither keys nor an index can be read or searched for a guess without the table.
/// </summary>
internal sealed class PeopleDirectory(Table table, string tenant, Entropy entropy)
{
    private const string Name = "name";
    private const string Subject = "sid";
    private const string Pseudonym = "pseudonym";
    private const string Secret = "secret";

    private byte[]? _secret;

    /// <summary>The ids of names, those that are known. Some may be of somebody erased meanwhile.</summary>
    public async ValueTask<Dictionary<string, string>> KnownAsync(
        IReadOnlyCollection<string> names,
        CancellationToken cancellationToken
    )
    {
        var keys = new Dictionary<string, Key>(StringComparer.Ordinal);
        foreach (var name in names)
            keys[name] = Keys.Named(tenant, await PseudonymAsync(name, cancellationToken));
        var items = await table.GetAsync(keys.Values, cancellationToken);
        return keys.Where(key => items.ContainsKey(key.Value))
            .ToDictionary(key => key.Key, key => items[key.Value].Text(Subject), StringComparer.Ordinal);
    }

    /// <summary>The names of ids, those that are known.</summary>
    public async ValueTask<Dictionary<string, string>> NamesAsync(
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    )
    {
        var items = await table.GetAsync(subjects.Select(subject => Keys.Profile(tenant, subject)), cancellationToken);
        return items.Values.ToDictionary(item => item.Text(Subject), item => item.Text(Name), StringComparer.Ordinal);
    }

    /// <summary>Gives a name an id; of several who do, one wins.</summary>
    /// <param name="name">The name.</param>
    /// <param name="id">The id that it gets where it has none.</param>
    /// <param name="before">The id that it had and that was erased, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The id that it has.</returns>
    public async ValueTask<string> AddAsync(string name, string id, string? before, CancellationToken cancellationToken)
    {
        var (named, profile) = await ItemsAsync(name, id, cancellationToken);
        await table.TransactAsync(
            [
                new WriteAction.Put(named, before is null ? Condition.Absent : Condition.AbsentOr(Subject, before)),
                new WriteAction.Put(profile, Condition.Absent),
            ],
            cancellationToken
        );
        var won = await table.GetAsync(named.Key, cancellationToken);
        return won?.Text(Subject) ?? throw new IOException($"The id '{id}' is somebody else's.");
    }

    /// <summary>What says that a name has an id, and the id a name.</summary>
    public async ValueTask<(Item Named, Item Profile)> ItemsAsync(string name, string id, CancellationToken cancellationToken)
    {
        var pseudonym = await PseudonymAsync(name, cancellationToken);
        return (
            new Item(Keys.Named(tenant, pseudonym)).With(Subject, id),
            new Item(Keys.Profile(tenant, id)).With(Subject, id).With(Name, name).With(Pseudonym, pseudonym)
        );
    }

    /// <summary>Removes what the directory has of a subject.</summary>
    public static async ValueTask RemoveAsync(Table table, string tenant, string subject, CancellationToken cancellationToken)
    {
        var key = Keys.Profile(tenant, subject);
        if (await table.GetAsync(key, cancellationToken) is not { } profile)
            return;
        var named = Keys.Named(tenant, profile.Text(Pseudonym));
        await table.DeleteAsync(named, Condition.Is(Subject, subject), cancellationToken);
        await table.DeleteAsync(key, condition: null, cancellationToken);
    }

    private async ValueTask<string> PseudonymAsync(string name, CancellationToken cancellationToken)
    {
        var secret = _secret ??= await SecretAsync(cancellationToken);
        return Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(name)));
    }

    private async ValueTask<byte[]> SecretAsync(CancellationToken cancellationToken)
    {
        var key = Keys.DirectorySecret(tenant);
        while (true)
        {
            if (await table.GetAsync(key, cancellationToken) is { } item)
                return item.Bytes(Secret);
            await table.PutAsync(new Item(key).With(Secret, entropy.Bytes(32)), Condition.Absent, cancellationToken);
        }
    }
}

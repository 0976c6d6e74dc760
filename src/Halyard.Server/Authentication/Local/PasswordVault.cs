using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Halyard.Core;
using Halyard.Core.Access.Users;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;

namespace Halyard.Server.Authentication.Local;

/// <summary>
/// The hashes of passwords: outside the log, encrypted under their owner's data key, so that they are in no entry, no export and no
/// past state, and are gone with whoever is erased. Which one counts is said by the user's resource, through the pipeline; one that
/// no change names counts for nothing.
/// </summary>
internal sealed class PasswordVault(IMarks marks, PersonalVault vault, Entropy entropy)
{
    // The one that counts, and what changes that run at this moment are about to name.
    private const int Kept = 4;

    /// <summary>Keeps the hash of a password that a change is about to name; <see langword="false"/> where its owner was erased.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="user">Pseudonymous id of whose it is.</param>
    /// <param name="password">The id of the password.</param>
    /// <param name="hash">What <see cref="PasswordHashing"/> made.</param>
    /// <param name="inForce">The one that counts now, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<bool> KeepAsync(
        string tenant,
        string user,
        string password,
        string hash,
        string? inForce,
        CancellationToken cancellationToken
    )
    {
        var pointer = PointerOf(password);
        var value = CanonicalJson.FormatString(hash);
        var key = entropy.Bytes(Commitment.KeyLength);
        var clear = new PrivateValue(
            pointer,
            Commitment.Compute(key, pointer, value),
            key,
            Encoding.UTF8.GetString(value),
            user,
            InDocument: false
        );
        if (await vault.SealAsync(tenant, [clear], cancellationToken) is not [var sealedValue])
            return false;
        var kept = new KeptPassword(password, sealedValue.Commitment, sealedValue.Ciphertext);
        while (true)
        {
            var (known, version) = await ReadAsync(tenant, user, cancellationToken);
            IEnumerable<KeptPassword> others = known.Where(other => other.Id != inForce).TakeLast(Kept - 2);
            List<KeptPassword> next = [.. known.Where(other => other.Id == inForce), .. others, kept];
            if (await SaveAsync(tenant, user, version, next, cancellationToken))
                return true;
        }
    }

    /// <summary>The hash of the password that counts for a user; <see langword="null"/> where there is none.</summary>
    public async ValueTask<string?> FindAsync(string tenant, User? user, CancellationToken cancellationToken)
    {
        var (known, _) = await ReadAsync(tenant, user?.Id ?? LocalUsers.Nobody, cancellationToken);
        if (known.FirstOrDefault(item => item.Id == user?.Password) is not { } kept)
            return null;
        var value = new SealedValue(PointerOf(kept.Id), kept.Commitment, kept.Ciphertext, user!.Id, InDocument: false);
        return await vault.OpenAsync(tenant, [value], cancellationToken) is [var opened]
            ? JsonSerializer.Deserialize(opened.Value, PasswordJson.Default.String)
            : null;
    }

    /// <summary>Forgets every password of somebody who was deleted.</summary>
    public async ValueTask ForgetAsync(string tenant, string user, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (known, version) = await ReadAsync(tenant, user, cancellationToken);
            if (known.Count == 0 || await SaveAsync(tenant, user, version, [], cancellationToken))
                return;
        }
    }

    private async ValueTask<(IReadOnlyList<KeptPassword> Known, long Version)> ReadAsync(
        string tenant,
        string user,
        CancellationToken cancellationToken
    )
    {
        var mark = await marks.MarkAsync(tenant, NameOf(user), cancellationToken);
        return mark is null
            ? ([], 0)
            : (JsonSerializer.Deserialize(mark.Value, PasswordJson.Default.IReadOnlyListKeptPassword)!, mark.Version);
    }

    private ValueTask<bool> SaveAsync(
        string tenant,
        string user,
        long version,
        IReadOnlyList<KeptPassword> next,
        CancellationToken cancellationToken
    ) =>
        marks.SetMarkAsync(
            tenant,
            NameOf(user),
            version,
            JsonSerializer.SerializeToUtf8Bytes(next, PasswordJson.Default.IReadOnlyListKeptPassword),
            cancellationToken
        );

    private static string NameOf(string user) => $"password/{user}";

    private static string PointerOf(string password) => $"/password/{password}";
}

/// <summary>A password's hash as it is kept.</summary>
internal sealed record KeptPassword(string Id, string Commitment, byte[] Ciphertext);

/// <summary>Source-generated JSON of what is kept of passwords.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<KeptPassword>))]
[JsonSerializable(typeof(string))]
internal sealed partial class PasswordJson : JsonSerializerContext;

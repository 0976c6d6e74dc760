using System.Security.Cryptography;
using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Ledger;

namespace Halyard.Core.Storage.Privacy;

/// <summary>
/// Encrypts personal values on their way to a store and decrypts them on their way back, each under the data key of whom it belongs
/// to. What the store holds cannot be read without the keys, and a subject without a key cannot be read at all.
/// </summary>
public sealed class PersonalVault(ISubjectKeys keys, Entropy entropy)
{
    private readonly KeyCache _cache = new();
    private byte[]? _directoryKey;

    /// <summary>
    /// The drafts with their values encrypted, or <see langword="null"/> where one belongs to a subject that was erased meanwhile:
    /// nothing of theirs is written any more.
    /// </summary>
    public async ValueTask<IReadOnlyList<EntryDraft>?> SealAsync(
        string tenant,
        IReadOnlyList<ClearDraft> drafts,
        CancellationToken cancellationToken
    )
    {
        var values = drafts is [var only] ? only.Values : [.. drafts.SelectMany(draft => draft.Values)];
        if (await SealAsync(tenant, values, cancellationToken) is not { } sealedValues)
            return null;
        var next = 0;
        var result = new List<EntryDraft>(drafts.Count);
        foreach (var (draft, own) in drafts)
        {
            result.Add(
                own.Count == 0 ? draft : draft with { Privates = new ArraySegment<SealedValue>(sealedValues, next, own.Count) }
            );
            next += own.Count;
        }
        return result;
    }

    /// <summary>The values encrypted, in the same order; <see langword="null"/> where a subject was erased.</summary>
    public async ValueTask<SealedValue[]?> SealAsync(
        string tenant,
        IReadOnlyList<PrivateValue> values,
        CancellationToken cancellationToken
    )
    {
        if (values.Count == 0)
            return [];
        if (SubjectOfAll(values) is { } subject)
            return await SealAsync(tenant, subject, values, cancellationToken);
        var requests = await RequestsAsync(tenant, values, cancellationToken);
        var found = await KeysAsync(tenant, requests, cancellationToken);
        if (found.Values.Any(key => key.Key is null))
            return null;
        var result = new SealedValue[values.Count];
        // A cipher costs more than what it encrypts: each subject's values together.
        var ciphers = new Dictionary<string, ValueCipher>(StringComparer.Ordinal);
        try
        {
            for (var place = 0; place < result.Length; place++)
            {
                var (value, key) = (values[place], found[requests[place]]);
                if (!ciphers.TryGetValue(key.Subject, out var cipher))
                    ciphers[key.Subject] = cipher = new ValueCipher(key.Key!);
                var ciphertext = cipher.Seal(tenant, value, entropy);
                result[place] = new(value.Pointer, value.Commitment, ciphertext, key.Subject, value.InDocument);
            }
        }
        finally
        {
            foreach (var cipher in ciphers.Values)
                cipher.Dispose();
        }
        return result;
    }

    /// <summary>The one subject that all of the values belong to, where none of them names it: as nearly always.</summary>
    private static string? SubjectOfAll(IReadOnlyList<PrivateValue> values)
    {
        var subject = values[0].Subject;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].NamesSubject || values[i].Subject != subject)
                return null;
        }
        return subject;
    }

    private async ValueTask<SealedValue[]?> SealAsync(
        string tenant,
        string subject,
        IReadOnlyList<PrivateValue> values,
        CancellationToken cancellationToken
    )
    {
        var request = new SubjectRequest(subject, null);
        var found = _cache.Find(tenant, request) ?? (await KeysAsync(tenant, [request], cancellationToken))[request];
        if (found.Key is not { } key)
            return null;
        using var cipher = new ValueCipher(key);
        var result = new SealedValue[values.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var value = values[i];
            result[i] = new(
                value.Pointer,
                value.Commitment,
                cipher.Seal(tenant, value, entropy),
                found.Subject,
                value.InDocument
            );
        }
        return result;
    }

    /// <summary>
    /// The values in clear, those that still can be read; in the same order. One that cannot be opened is left out like one that was
    /// erased, so that it hides no other: the comparison of the store with its log tells of it.
    /// </summary>
    public ValueTask<IReadOnlyList<PrivateValue>> OpenAsync(
        string tenant,
        IReadOnlyList<SealedValue> values,
        CancellationToken cancellationToken
    ) => OpenAsync(tenant, values, (cipher, value) => cipher.TryOpen(tenant, value), cancellationToken);

    /// <summary>The same, where damage has to be found.</summary>
    /// <exception cref="InvalidDataException">A value is not what was sealed: the store is damaged.</exception>
    public ValueTask<IReadOnlyList<PrivateValue>> OpenStrictlyAsync(
        string tenant,
        IReadOnlyList<SealedValue> values,
        CancellationToken cancellationToken
    ) => OpenAsync(tenant, values, (cipher, value) => cipher.Open(tenant, value), cancellationToken);

    /// <summary>The subjects that a name stands for: whoever it is a targeting key, an e-mail address or a token's name of.</summary>
    public async ValueTask<IReadOnlyList<string>> NamedAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        var directoryKey = await DirectoryKeyAsync(cancellationToken);
        List<string> pseudonyms =
        [
            .. PersonNames.ValuesOf(name).Select(value => PersonNames.PseudonymOf(directoryKey, tenant, value)),
        ];
        return await keys.NamedAsync(tenant, pseudonyms, cancellationToken);
    }

    /// <summary>
    /// The pseudonymous id of whom an issuer calls so: random, the same each time, another in another tenant or of another issuer. The
    /// store can find it by a keyed hash alone, and an erasure takes that too: whoever comes back is somebody new.
    /// </summary>
    public async ValueTask<string> SubjectOfAsync(string tenant, string issuer, string name, CancellationToken cancellationToken)
    {
        // A list is the pseudonym of no name, and of no other pair.
        var pair = new CanonicalWriter(256).StartArray().String(issuer).String(name).EndArray().ToArray();
        var directoryKey = await DirectoryKeyAsync(cancellationToken);
        var pseudonym = PersonNames.PseudonymOf(directoryKey, tenant, Encoding.UTF8.GetString(pair));
        var found = await KeysAsync(tenant, [new SubjectRequest(null, pseudonym)], cancellationToken);
        return found.Values.Single().Subject;
    }

    /// <summary>
    /// A secret of 32 bytes for a purpose, the same on every server of an installation and for ever; it tells nothing of another
    /// purpose's.
    /// </summary>
    public async ValueTask<byte[]> SecretAsync(string purpose, CancellationToken cancellationToken) =>
        HMACSHA256.HashData(await DirectoryKeyAsync(cancellationToken), Encoding.UTF8.GetBytes($"halyard/secret/1\0{purpose}"));

    /// <summary>Whether there is a key of this subject: something of theirs was written once, and is not erased.</summary>
    public async ValueTask<bool> KnowsAsync(string tenant, string subject, CancellationToken cancellationToken) =>
        (await keys.FindAsync(tenant, [subject], cancellationToken)).Count > 0;

    /// <summary>Makes the values of subjects unreadable for ever, wherever copies of them are.</summary>
    public async ValueTask EraseAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        long index,
        CancellationToken cancellationToken
    )
    {
        await keys.EraseAsync(tenant, subjects, index, cancellationToken);
        _cache.Remove(tenant, subjects);
    }

    /// <summary>Everybody who was erased, in the order of the entries.</summary>
    public ValueTask<IReadOnlyList<ErasedSubject>> ErasedAsync(string tenant, CancellationToken cancellationToken) =>
        keys.ErasedAsync(tenant, cancellationToken);

    private async ValueTask<IReadOnlyList<PrivateValue>> OpenAsync(
        string tenant,
        IReadOnlyList<SealedValue> values,
        Func<ValueCipher, SealedValue, PrivateValue?> open,
        CancellationToken cancellationToken
    )
    {
        if (values.Count == 0)
            return [];
        var subjects = values.Select(value => value.Subject).Distinct(StringComparer.Ordinal).ToList();
        var found = new Dictionary<string, byte[]>(subjects.Count, StringComparer.Ordinal);
        foreach (var subject in subjects)
        {
            if (_cache.Find(tenant, subject) is { } key)
                found[subject] = key;
        }
        var missing = subjects.Where(subject => !found.ContainsKey(subject)).ToList();
        if (missing.Count > 0)
        {
            var generation = _cache.Generation;
            foreach (var (subject, key) in await keys.FindAsync(tenant, missing, cancellationToken))
            {
                found[subject] = key;
                _cache.Keep(generation, tenant, subject, key);
            }
        }
        var opened = new PrivateValue?[values.Count];
        foreach (var places in Enumerable.Range(0, values.Count).GroupBy(place => values[place].Subject, StringComparer.Ordinal))
        {
            if (!found.TryGetValue(places.Key, out var key))
                continue;
            using var cipher = new ValueCipher(key);
            foreach (var place in places)
                opened[place] = open(cipher, values[place]);
        }
        return [.. opened.OfType<PrivateValue>()];
    }

    private async ValueTask<SubjectRequest[]> RequestsAsync(
        string tenant,
        IReadOnlyList<PrivateValue> values,
        CancellationToken cancellationToken
    )
    {
        var requests = new SubjectRequest[values.Count];
        for (var i = 0; i < requests.Length; i++)
        {
            var value = values[i];
            var isNamed = value.Subject is null || value.NamesSubject;
            requests[i] = new SubjectRequest(
                value.Subject,
                isNamed ? PersonNames.PseudonymOf(await DirectoryKeyAsync(cancellationToken), tenant, value.Value) : null
            );
        }
        return requests;
    }

    private async ValueTask<Dictionary<SubjectRequest, SubjectKey>> KeysAsync(
        string tenant,
        IEnumerable<SubjectRequest> requests,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<SubjectRequest, SubjectKey>();
        var missing = new List<SubjectRequest>();
        foreach (var request in requests.Distinct())
        {
            if (_cache.Find(tenant, request) is { } known)
                found[request] = known;
            else
                missing.Add(request);
        }
        if (missing.Count == 0)
            return found;
        var generation = _cache.Generation;
        var made = await keys.EnsureAsync(tenant, missing, cancellationToken);
        foreach (var (request, key) in missing.Zip(made))
        {
            found[request] = key;
            _cache.Keep(generation, tenant, request, key);
        }
        return found;
    }

    private async ValueTask<byte[]> DirectoryKeyAsync(CancellationToken cancellationToken) =>
        _directoryKey ??= await keys.DirectoryKeyAsync(cancellationToken);
}

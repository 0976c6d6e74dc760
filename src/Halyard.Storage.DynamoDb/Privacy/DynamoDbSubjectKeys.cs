using Halyard.Core;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Privacy;

/// <summary>
/// The subjects' keys in a table of their own, which is to have no point-in-time recovery: whoever restores the main table does not
/// bring back what was erased. A subject's one item is its key or says that it was erased, so that of those who make and who erase
/// one wins.
/// </summary>
internal sealed partial class DynamoDbSubjectKeys : ISubjectKeys, IDisposable
{
    private const string Wrapped = "wrapped";
    private const string Erased = "erased";
    private const string Subject = "sid";
    private const string Pseudonym = "pseudonym";
    private const string NamePrefix = "NAME#";
    private const string Own = "OWN";

    private static readonly Key DirectorySecret = new("SECRET", "directory");

    private readonly Table _table;
    private readonly SubjectKeyWrap _wrap;
    private readonly byte[] _directoryKey;
    private readonly Entropy _entropy;

    private DynamoDbSubjectKeys(Table table, SubjectKeyWrap wrap, byte[] directoryKey, Entropy entropy) =>
        (_table, _wrap, _directoryKey, _entropy) = (table, wrap, directoryKey, entropy);

    /// <summary>Opens the keys, making table and key file as needed.</summary>
    /// <exception cref="IOException">
    /// The table cannot be reached, or the key file is missing or is not the one that the keys are wrapped with.
    /// </exception>
    public static async Task<DynamoDbSubjectKeys> OpenAsync(
        DynamoDbStoreOptions options,
        TimeProvider time,
        Entropy entropy,
        CancellationToken cancellationToken
    )
    {
#pragma warning disable CA2000 // The keys dispose it.
        var table = await Opening.OpenAsync(options, options.KeysTableName, withTimers: false, time, entropy, cancellationToken);
#pragma warning restore CA2000
        try
        {
            var (wrap, directoryKey) = await SecretsAsync(table, options.KeyFile, entropy, cancellationToken);
            return new DynamoDbSubjectKeys(table, wrap, directoryKey, entropy);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> DirectoryKeyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_directoryKey);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SubjectKey>> EnsureAsync(
        string tenant,
        IReadOnlyList<SubjectRequest> requests,
        CancellationToken cancellationToken
    )
    {
        var made = new Dictionary<SubjectRequest, SubjectKey>();
        foreach (var request in requests)
        {
            if (!made.ContainsKey(request))
                made[request] = await EnsureAsync(tenant, request, cancellationToken);
        }
        return [.. requests.Select(request => made[request])];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, byte[]>> FindAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    )
    {
        var items = await _table.GetAsync(subjects.Select(subject => KeyOf(tenant, subject)), cancellationToken);
        return items
            .Values.Where(item => item.Has(Wrapped))
            .ToDictionary(item => item.Text(Subject), item => Open(tenant, item), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> NamedAsync(
        string tenant,
        IReadOnlyCollection<string> pseudonyms,
        CancellationToken cancellationToken
    )
    {
        var named = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var pseudonym in pseudonyms.Distinct(StringComparer.Ordinal))
        {
            var bearers = await _table.QueryAsync(
                OwnOf(tenant, pseudonym).Partition,
                (NamePrefix, NamePrefix + "\U0010FFFF"),
                cancellationToken
            );
            named.UnionWith(bearers.Select(item => item.Text(Subject)));
        }
        return [.. named];
    }

    /// <inheritdoc/>
    public async ValueTask EraseAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        long index,
        CancellationToken cancellationToken
    )
    {
        foreach (var subject in subjects.Distinct(StringComparer.Ordinal))
        {
            var key = KeyOf(tenant, subject);
            // First: from here on nobody makes a key or a name for it.
            await _table.TransactAsync(
                ErasedItems(tenant, subject, index).Select(item => new WriteAction.Put(item)),
                cancellationToken
            );
            var names = await _table.QueryAsync(key.Partition, (NamePrefix, NamePrefix + "\U0010FFFF"), cancellationToken);
            foreach (var name in names)
            {
                var own = OwnOf(tenant, name.Text(Pseudonym));
                await _table.DeleteAsync(own, Condition.Is(Subject, subject), cancellationToken);
                await _table.DeleteAsync(own with { Sort = NamePrefix + Keys.Part(subject) }, condition: null, cancellationToken);
                await _table.DeleteAsync(name.Key, condition: null, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ErasedSubject>> ErasedAsync(string tenant, CancellationToken cancellationToken)
    {
        var items = await _table.QueryAsync(ErasedOf(tenant, "").Partition, range: null, cancellationToken);
        return
        [
            .. items
                .Select(item => new ErasedSubject(item.Text(Subject), item.Number(Erased)))
                .OrderBy(erased => erased.Index)
                .ThenBy(erased => erased.Subject, StringComparer.Ordinal),
        ];
    }

    public void Dispose()
    {
        _wrap.Dispose();
        _table.Dispose();
    }

    private async ValueTask<SubjectKey> EnsureAsync(string tenant, SubjectRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var subject = request.Subject;
            var isOwn = subject is null;
            if (isOwn)
                subject = (await _table.GetAsync(OwnOf(tenant, request.Pseudonym!), cancellationToken))?.Text(Subject);
            var isNew = subject is null;
            subject ??= _entropy.NewId("p");
            var item = isNew ? null : await _table.GetAsync(KeyOf(tenant, subject), cancellationToken);
            if (item is not null && !item.Has(Wrapped))
            {
                // Erased; one that has the name for its own is about to lose it.
                if (!isOwn)
                    return new SubjectKey(subject, null);
                await _table.DeleteAsync(OwnOf(tenant, request.Pseudonym!), Condition.Is(Subject, subject), cancellationToken);
                continue;
            }
            var key = item is null ? _entropy.Bytes(ValueCipher.KeyLength) : Open(tenant, item);
            var actions = new List<WriteAction> { Have(tenant, subject, item, key) };
            if (isNew)
                actions.Add(new WriteAction.Put(OwnItem(tenant, request.Pseudonym!, subject), Condition.Absent));
            if (request.Pseudonym is { } pseudonym)
                await AddNameAsync(tenant, subject, pseudonym, actions, cancellationToken);
            // With its key alone there is nothing to write where that is there.
            if ((item is not null && actions.Count == 1) || await _table.TransactAsync(actions, cancellationToken))
                return new SubjectKey(subject, key);
        }
    }

    /// <summary>Makes the key, or makes sure that it is still there.</summary>
    private WriteAction Have(string tenant, string subject, Item? before, byte[] key) =>
        before is not null
            ? new WriteAction.Check(before.Key, Condition.Is(Wrapped, before.Bytes(Wrapped)))
            : new WriteAction.Put(KeyItem(tenant, subject, key), Condition.Absent);

    private async ValueTask AddNameAsync(
        string tenant,
        string subject,
        string pseudonym,
        List<WriteAction> actions,
        CancellationToken cancellationToken
    )
    {
        var key = OwnOf(tenant, pseudonym) with { Sort = NamePrefix + Keys.Part(subject) };
        if (await _table.GetAsync(key, cancellationToken) is not null)
            return;
        actions.AddRange(NameItems(tenant, pseudonym, subject, isOwn: false).Select(item => new WriteAction.Put(item)));
    }

    private Item SecretItem(string name, byte[] secret) =>
        new Item(DirectorySecret with { Sort = name }).With(Wrapped, _wrap.Seal("", name, secret, _entropy));

    private Item KeyItem(string tenant, string subject, byte[] key) =>
        new Item(KeyOf(tenant, subject)).With(Subject, subject).With(Wrapped, _wrap.Seal(tenant, subject, key, _entropy));

    /// <summary>What finds the subjects of a name, the names of a subject, and the subject whose own it is.</summary>
    private static IEnumerable<Item> NameItems(string tenant, string pseudonym, string subject, bool isOwn)
    {
        var own = OwnOf(tenant, pseudonym);
        yield return new Item(own with { Sort = NamePrefix + Keys.Part(subject) }).With(Subject, subject);
        yield return new Item(KeyOf(tenant, subject) with { Sort = NamePrefix + Keys.Part(pseudonym) }).With(
            Pseudonym,
            pseudonym
        );
        if (isOwn)
            yield return OwnItem(tenant, pseudonym, subject);
    }

    private static Item OwnItem(string tenant, string pseudonym, string subject) =>
        new Item(OwnOf(tenant, pseudonym)).With(Subject, subject);

    /// <summary>In place of the key, and in the list of those erased.</summary>
    private static IEnumerable<Item> ErasedItems(string tenant, string subject, long index) =>
        new[] { KeyOf(tenant, subject), ErasedOf(tenant, subject) }.Select(key =>
            new Item(key).With(Subject, subject).With(Erased, index)
        );

    private byte[] Open(string tenant, Item item) => _wrap.Open(tenant, item.Text(Subject), item.Bytes(Wrapped));

    private static Key KeyOf(string tenant, string subject) => new($"T#{Keys.Part(tenant)}#SUBJECT#{Keys.Part(subject)}", "KEY");

    private static Key OwnOf(string tenant, string pseudonym) => new($"T#{Keys.Part(tenant)}#NAME#{Keys.Part(pseudonym)}", Own);

    private static Key ErasedOf(string tenant, string subject) =>
        new($"T#{Keys.Part(tenant)}#ERASED", "SUBJECT#" + Keys.Part(subject));

    /// <summary>The wrapping key and the key that it unwraps first; of servers that start at once one makes the latter.</summary>
    private static async ValueTask<(SubjectKeyWrap Wrap, byte[] DirectoryKey)> SecretsAsync(
        Table table,
        string keyFile,
        Entropy entropy,
        CancellationToken cancellationToken
    )
    {
        var known = await table.GetAsync(DirectorySecret, cancellationToken);
        var wrap = new SubjectKeyWrap(WrappingKeyFile.ReadOrCreate(keyFile, known is not null, entropy));
        try
        {
            while (known is null)
            {
                var made = wrap.Seal("", DirectorySecret.Sort, entropy.Bytes(ValueCipher.KeyLength), entropy);
                await table.PutAsync(new Item(DirectorySecret).With(Wrapped, made), Condition.Absent, cancellationToken);
                known = await table.GetAsync(DirectorySecret, cancellationToken);
            }
            return (wrap, wrap.Open("", DirectorySecret.Sort, known.Bytes(Wrapped)));
        }
        catch
        {
            wrap.Dispose();
            throw;
        }
    }
}

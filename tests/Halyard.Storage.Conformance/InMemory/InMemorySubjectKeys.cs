using System.Security.Cryptography;
using Halyard.Core.Storage.Privacy;

namespace Halyard.Storage.Conformance.InMemory;

/// <summary>The port to subjects' keys in its plainest form.</summary>
public sealed class InMemorySubjectKeys : ISubjectKeys
{
    private readonly Lock _gate = new();
    private readonly byte[] _directoryKey = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<(string Tenant, string Subject), byte[]> _keys = [];
    private readonly List<(string Tenant, string Pseudonym, string Subject, bool Own)> _names = [];
    private readonly Dictionary<(string Tenant, string Subject), long> _erased = [];

    public ValueTask<byte[]> DirectoryKeyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_directoryKey);

    public ValueTask<IReadOnlyList<SubjectKey>> EnsureAsync(
        string tenant,
        IReadOnlyList<SubjectRequest> requests,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
            return ValueTask.FromResult<IReadOnlyList<SubjectKey>>([.. requests.Select(request => Ensure(tenant, request))]);
    }

    public ValueTask<IReadOnlyDictionary<string, byte[]>> FindAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyDictionary<string, byte[]>>(
                subjects
                    .Distinct(StringComparer.Ordinal)
                    .Where(subject => _keys.ContainsKey((tenant, subject)))
                    .ToDictionary(subject => subject, subject => _keys[(tenant, subject)])
            );
        }
    }

    public ValueTask<IReadOnlyList<string>> NamedAsync(
        string tenant,
        IReadOnlyCollection<string> pseudonyms,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<string>>([
                .. _names
                    .Where(name => name.Tenant == tenant && pseudonyms.Contains(name.Pseudonym))
                    .Select(name => name.Subject)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ]);
        }
    }

    public ValueTask EraseAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        long index,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                _keys.Remove((tenant, subject));
                _names.RemoveAll(name => name.Tenant == tenant && name.Subject == subject);
                _erased[(tenant, subject)] = index;
            }
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<ErasedSubject>> ErasedAsync(string tenant, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ErasedSubject>>([
                .. _erased
                    .Where(item => item.Key.Tenant == tenant)
                    .OrderBy(item => item.Value)
                    .ThenBy(item => item.Key.Subject, StringComparer.Ordinal)
                    .Select(item => new ErasedSubject(item.Key.Subject, item.Value)),
            ]);
        }
    }

    private SubjectKey Ensure(string tenant, SubjectRequest request)
    {
        var own = _names.Find(name => name.Own && (name.Tenant, name.Pseudonym) == (tenant, request.Pseudonym)).Subject;
        var subject = request.Subject ?? own ?? $"p_{RandomNumberGenerator.GetHexString(32)}";
        if (_erased.ContainsKey((tenant, subject)))
            return new SubjectKey(subject, null);
        if (
            request.Pseudonym is { } pseudonym
            && !_names.Exists(name => (name.Tenant, name.Pseudonym, name.Subject) == (tenant, pseudonym, subject))
        )
            _names.Add((tenant, pseudonym, subject, request.Subject is null));
        if (!_keys.TryGetValue((tenant, subject), out var key))
            key = _keys[(tenant, subject)] = RandomNumberGenerator.GetBytes(32);
        return new SubjectKey(subject, key);
    }
}

using System.Text;
using Halyard.Core.Storage;

namespace Halyard.Server.Authentication.Sessions;

/// <summary>
/// Finds whose sessions an identity provider means, by what it calls the person or its own session: one mark for each hidden name, with
/// the subject. A name stands in it at least as long as a session has it.
/// </summary>
internal sealed class ProviderIndex(IMarks marks)
{
    private const string Prefix = "session-of/";

    /// <summary>The names under which a session is found.</summary>
    public static IEnumerable<string> NamesOf(ProviderNames? names) =>
        names is null ? []
        : names.Session is null ? [names.Subject]
        : [names.Subject, names.Session];

    /// <summary>The subject with this hidden name, or <see langword="null"/>.</summary>
    public async ValueTask<string?> FindAsync(string tenant, string name, CancellationToken cancellationToken) =>
        await marks.MarkAsync(tenant, Prefix + name, cancellationToken) is { } mark ? Encoding.UTF8.GetString(mark.Value) : null;

    /// <summary>Lets a subject be found under these names.</summary>
    public async ValueTask AddAsync(string tenant, string subject, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var value = Encoding.UTF8.GetBytes(subject);
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            // Where another was faster it is looked at again.
            while (
                await marks.MarkAsync(tenant, Prefix + name, cancellationToken) is var known
                && known?.Value.AsSpan().SequenceEqual(value) != true
                && !await marks.SetMarkAsync(tenant, Prefix + name, known?.Version ?? 0, value, cancellationToken)
            ) { }
        }
    }

    /// <summary>Forgets names that no session of the subject has any more; those that are another's stay.</summary>
    public async ValueTask RemoveAsync(
        string tenant,
        string subject,
        IEnumerable<string> names,
        CancellationToken cancellationToken
    )
    {
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (
                await marks.MarkAsync(tenant, Prefix + name, cancellationToken) is { } known
                && Encoding.UTF8.GetString(known.Value) == subject
            )
                await marks.RemoveMarkAsync(tenant, Prefix + name, known.Version, cancellationToken);
        }
    }
}

using Halyard.Core.Flags;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Reading;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes.Gating;

/// <summary>A check's definition and newest evidence about one thing, as they were found.</summary>
/// <param name="Check">The check's key.</param>
/// <param name="Definition">Its definition, or <see langword="null"/>.</param>
/// <param name="Revision">The definition's revision; 0 where there is none.</param>
/// <param name="Record">The evidence, or <see langword="null"/>.</param>
public sealed record FoundEvidence(string Check, CheckDefinition? Definition, long Revision, EvidenceRecord? Record)
{
    /// <summary>What holds as long as both do.</summary>
    internal IReadOnlyList<Precondition> Rests { get; init; } = [];
}

/// <summary>Finds checks and their evidence.</summary>
public sealed class EvidenceShelf(IStore store)
{
    /// <summary>What there is of some checks about one thing of a project, in the order asked.</summary>
    public async ValueTask<IReadOnlyList<FoundEvidence>> FindAsync(
        string tenant,
        string project,
        IReadOnlyCollection<string> checks,
        string about,
        CancellationToken cancellationToken
    )
    {
        if (checks.Count == 0)
            return [];
        var names = checks
            .Select(CheckDefinition.NameOf)
            .Concat(checks.Select(check => EvidenceRecord.NameOf(project, check, about)))
            .ToList();
        var found = (await store.LoadAsync(tenant, names, [], cancellationToken)).Resources;
        return
        [
            .. checks.Select(check =>
            {
                var (definition, record) = (
                    found.GetValueOrDefault(CheckDefinition.NameOf(check)),
                    found.GetValueOrDefault(EvidenceRecord.NameOf(project, check, about))
                );
                return new FoundEvidence(
                    check,
                    Read<CheckDefinition>(definition),
                    definition?.Revision ?? 0,
                    Read<EvidenceRecord>(record)
                )
                {
                    Rests =
                    [
                        new Precondition.Unchanged(CheckDefinition.NameOf(check), definition?.Revision ?? 0),
                        new Precondition.Unchanged(EvidenceRecord.NameOf(project, check, about), record?.Revision ?? 0),
                    ],
                };
            }),
        ];
    }

    private static T? Read<T>(StoredResource? stored)
        where T : Resource => stored is null ? null : (T)ResourceDocuments.Read(stored.Name, stored.Document);
}

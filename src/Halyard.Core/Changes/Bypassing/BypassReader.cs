using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes.Bypassing;

/// <summary>Reads bypasses.</summary>
public sealed class BypassReader(IStore store)
{
    /// <summary>The bypass with an id; <see langword="null"/> where there is none.</summary>
    public async ValueTask<EmergencyBypass?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var name = EmergencyBypass.NameOf(id);
        var slice = await store.LoadAsync(tenant, [name], [], cancellationToken);
        return slice.Resources.TryGetValue(name, out var stored)
            ? (EmergencyBypass)ResourceDocuments.Read(stored.Name, stored.Document)
            : null;
    }

    /// <summary>Those that match, the newest first, at most <paramref name="limit"/> before a cursor.</summary>
    public async ValueTask<(IReadOnlyList<EmergencyBypass> Items, string? Next)> ListAsync(
        string tenant,
        Func<EmergencyBypass, bool> matches,
        string? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Bypass, "", found, cancellationToken);
        var all = found
            .Values.Select(stored => (EmergencyBypass)ResourceDocuments.Read(stored.Name, stored.Document))
            .Where(matches)
            .OrderByDescending(PlaceOf, StringComparer.Ordinal)
            .Where(bypass => before is null || string.CompareOrdinal(PlaceOf(bypass), before) < 0)
            .Take(limit + 1)
            .ToList();
        return all.Count > limit ? (all[..limit], PlaceOf(all[limit - 1])) : (all, null);
    }

    private static string PlaceOf(EmergencyBypass bypass) =>
        $"{Evaluation.Definitions.Rfc3339.Format(bypass.Times.Created)} {bypass.Id}";
}

using System.Collections.Frozen;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes.Approving;

/// <summary>How often each variant of an environment's flags was served since counting began: what is known of how many users have which.</summary>
internal sealed class ServedCounts
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, long>> _byFlag;

    private ServedCounts(Dictionary<string, IReadOnlyDictionary<string, long>> byFlag) => _byFlag = byFlag;

    /// <summary>The counts of an environment.</summary>
    public static async ValueTask<ServedCounts> LoadAsync(
        IStore store,
        string tenant,
        string environmentId,
        CancellationToken cancellationToken
    )
    {
        var totals = await store.EvaluationTotalsAsync(tenant, environmentId, cancellationToken);
        return new ServedCounts(
            totals
                .GroupBy(total => total.Flag, StringComparer.Ordinal)
                .ToDictionary(
                    flag => flag.Key,
                    IReadOnlyDictionary<string, long> (flag) =>
                        flag.ToDictionary(total => total.Variant, total => total.Count, StringComparer.Ordinal),
                    StringComparer.Ordinal
                )
        );
    }

    /// <summary>How often each variant of a flag was served; empty where nothing is counted.</summary>
    public IReadOnlyDictionary<string, long> Of(string flag) =>
        _byFlag.GetValueOrDefault(flag) ?? FrozenDictionary<string, long>.Empty;
}

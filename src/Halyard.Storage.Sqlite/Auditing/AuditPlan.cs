using Halyard.Core.Audit;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>Which indexes to walk for a query.</summary>
internal static class AuditPlan
{
    /// <summary>Beyond this many a term counts as common; exact numbers would cost more than they save.</summary>
    private const int EstimateAtMost = 2_000;

    /// <summary>Branches without an entry in common that together hold every match with a position below the bound.</summary>
    public static List<AuditBranch> Branches(Database database, long tenant, AuditQuery query, long? before)
    {
        var filter = AuditFilter.Of(database, tenant, query);
        var low = Position.First(tenant);
        var high = before is { } index ? low + Math.Clamp(index, 0, Position.First(1)) : Position.First(tenant + 1);
        if (filter.IsHopeless || low >= high)
            return [];

        var branches = new List<AuditBranch>();
        if (query.From is null && query.To is null)
            AddBranches(branches, database, (low, high), filter.AllOf, filter.NoneOf, effective: null);
        else
            AddTimedBranches(branches, database, tenant, (low, high), filter, query);
        return branches;
    }

    /// <summary>
    /// A log's own times never go back, so that a range of them is a range of positions. Entries effective at another time than
    /// their own (imported ones) are walked apart, with their times looked at.
    /// </summary>
    private static void AddTimedBranches(
        List<AuditBranch> branches,
        Database database,
        long tenant,
        (long Low, long High) range,
        AuditFilter filter,
        AuditQuery query
    )
    {
        var from = query.From is { } first ? Micros.Ceiling(first) : long.MinValue;
        var to = query.To is { } end ? Micros.Ceiling(end) : long.MaxValue;
        var retimed = filter.Term(Facets.Retimed, string.Empty);

        var own = (
            Low: Math.Max(range.Low, FirstAt(database, tenant, from)),
            High: query.To is null ? range.High : Math.Min(range.High, FirstAt(database, tenant, to))
        );
        if (own.Low < own.High)
            AddBranches(
                branches,
                database,
                own,
                filter.AllOf,
                retimed is { } none ? [.. filter.NoneOf, none] : filter.NoneOf,
                null
            );
        if (retimed is { } term)
            AddBranches(branches, database, range, [.. filter.AllOf, [term]], filter.NoneOf, (from, to));
    }

    private static void AddBranches(
        List<AuditBranch> branches,
        Database database,
        (long Low, long High) range,
        IReadOnlyList<long[]> allOf,
        IReadOnlyList<long> noneOf,
        (long, long)? effective
    )
    {
        if (allOf.Count == 0)
        {
            branches.Add(new AuditBranch(null, range.Low, range.High, [], noneOf, effective));
            return;
        }
        var driver = allOf.Count == 1 ? allOf[0] : allOf.MinBy(terms => Estimate(database, terms, range))!;
        var others = allOf.Where(terms => terms != driver).ToList();
        for (var i = 0; i < driver.Length; i++)
        {
            // What an earlier branch has found is not found again.
            branches.Add(new AuditBranch(driver[i], range.Low, range.High, others, [.. noneOf, .. driver[..i]], effective));
        }
    }

    private static long Estimate(Database database, long[] terms, (long Low, long High) range) =>
        terms.Sum(term =>
            database[
                "SELECT count(*) FROM (SELECT 1 FROM audit_posting WHERE term = ? AND position >= ? AND position < ? LIMIT ?)"
            ]
                .Number(term, range.Low, range.High, EstimateAtMost)
        ) ?? 0;

    /// <summary>The position of the first entry whose own time is not before the bound, by bisection.</summary>
    private static long FirstAt(Database database, long tenant, long bound)
    {
        var low = Position.First(tenant);
        var high = low + (database["SELECT size FROM audit_head WHERE tenant = ?"].Number(tenant) ?? 0);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (database["SELECT at FROM audit_entry WHERE position = ?"].Number(middle) < bound)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}

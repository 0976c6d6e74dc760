namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>
/// One walk through an index, newest first: along the postings of one term, or along the whole log. Several branches together
/// answer a query, and no entry comes in two of them.
/// </summary>
/// <param name="Driver">The term whose postings are walked; <see langword="null"/> for the whole log.</param>
/// <param name="Low">The first position.</param>
/// <param name="High">The position after the last.</param>
/// <param name="AllOf">An entry must have one of each.</param>
/// <param name="NoneOf">An entry must have none of these.</param>
/// <param name="Effective">Effective time as a half-open range, where positions do not say it already.</param>
internal sealed record AuditBranch(
    long? Driver,
    long Low,
    long High,
    IReadOnlyList<long[]> AllOf,
    IReadOnlyList<long> NoneOf,
    (long From, long To)? Effective
)
{
    /// <summary>Adds <c>FROM … WHERE …</c>.</summary>
    public void AddTo(SqlText sql)
    {
        // Leaf hashes stand for the whole log: as many rows as entries, a thirtieth of the bytes.
        if (Driver is { } term)
            sql.Add(" FROM audit_posting p WHERE p.term = ").Add(term).Add(" AND");
        else
            sql.Add(" FROM audit_leaf_hash p WHERE");
        sql.Add(" p.position >= ").Add(Low).Add(" AND p.position < ").Add(High);
        foreach (var terms in AllOf)
            sql.Add(" AND EXISTS (SELECT 1 FROM audit_posting q WHERE q.position = p.position AND q.term IN ")
                .Add(terms)
                .Add(")");
        foreach (var none in NoneOf)
            sql.Add(" AND NOT EXISTS (SELECT 1 FROM audit_posting q WHERE q.position = p.position AND q.term = ")
                .Add(none)
                .Add(")");
        if (Effective is { } time)
        {
            sql.Add(" AND EXISTS (SELECT 1 FROM audit_entry e WHERE e.position = p.position AND e.effective_at >= ")
                .Add(time.From)
                .Add(" AND e.effective_at < ")
                .Add(time.To)
                .Add(")");
        }
    }
}

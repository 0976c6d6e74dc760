using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Writing;

namespace Halyard.Storage.Sqlite.Reading;

/// <summary>Queries for private values and the directory of people.</summary>
internal static class PrivateReader
{
    public static List<SealedValue> InEntries(Database database, long tenant, IReadOnlyCollection<long> indexes)
    {
        var found = new List<SealedValue>();
        foreach (var index in indexes.Where(index => index >= 0).Distinct().Order())
        {
            using var rows = database[
                """
                SELECT p.pointer, p.commitment, p.sealed, t.value
                FROM entry_private p CROSS JOIN audit_term t ON t.number = p.subject WHERE p.position = ? ORDER BY p.ordinal
                """
            ]
                .Query(Position.Of(tenant, index));
            while (rows.Next())
                found.Add(Value(rows, inDocument: false));
        }
        return found;
    }

    public static List<SealedValue> InDocuments(Database database, long tenant, IReadOnlyCollection<string> commitments)
    {
        var found = new List<SealedValue>();
        foreach (var commitment in commitments.Distinct(StringComparer.Ordinal))
        {
            using var rows = database[
                """
                SELECT p.pointer, p.commitment, p.sealed, t.value
                FROM document_private p CROSS JOIN audit_term t ON t.number = p.subject
                WHERE p.tenant = ? AND p.commitment = ?
                """
            ]
                .Query(tenant, commitment);
            while (rows.Next())
                found.Add(Value(rows, inDocument: true));
        }
        return found;
    }

    public static Dictionary<string, string> Names(Database database, long tenant, IReadOnlyCollection<string> subjects)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var subject in subjects)
        {
            using var rows = database["SELECT name FROM subject WHERE tenant = ? AND sid = ?"].Query(tenant, subject);
            if (rows.Next())
                found[subject] = rows.Text(0);
        }
        return found;
    }

    public static Dictionary<string, string> Known(Database database, long tenant, IReadOnlyCollection<string> names)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (SubjectTable.Find(database, tenant, name) is { } id)
                found[name] = id;
        }
        return found;
    }

    public static SubjectExtent Extent(Database database, long tenant, IReadOnlyCollection<string> subjects)
    {
        var values = 0L;
        var commitments = new List<string>();
        foreach (var subject in subjects.Distinct(StringComparer.Ordinal))
        {
            var term = database["SELECT number FROM audit_term WHERE tenant = ? AND facet = ? AND value = ?"]
                .Number(tenant, Facets.Subject, subject);
            if (term is not { } number)
                continue;
            values += database["SELECT count(*) FROM entry_private WHERE subject = ?"].Number(number) ?? 0;
            using var rows = database["SELECT commitment FROM document_private WHERE subject = ?"].Query(number);
            while (rows.Next())
                commitments.Add(rows.Text(0));
        }
        commitments.Sort(StringComparer.Ordinal);
        var size = database["SELECT size FROM audit_head WHERE tenant = ?"].Number(tenant) ?? 0;
        var names = Names(database, tenant, subjects).Values.Order(StringComparer.Ordinal);
        return new SubjectExtent(values + commitments.Count, commitments, [.. names], size);
    }

    private static SealedValue Value(in Rows rows, bool inDocument) =>
        new(rows.Text(0), rows.Text(1), rows.Bytes(2), rows.Text(3), inDocument);
}

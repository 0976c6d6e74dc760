using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>Private values, by their place and by whom they belong to.</summary>
internal sealed class PrivateTable(Database database, TermTable terms)
{
    private readonly ReasonWords _words = new(database);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Writes the values of one entry.</summary>
    public void Write(long tenant, long position, IReadOnlyList<SealedValue> values)
    {
        var ordinal = 0L;
        foreach (var value in values)
        {
            if (value.InDocument)
                WriteInDocument(tenant, position, value);
            else
                WriteInEntry(tenant, position, ordinal++, value);
        }
    }

    public void WriteInEntry(long tenant, long position, long ordinal, SealedValue value) =>
        database["INSERT INTO entry_private (position, ordinal, pointer, commitment, sealed, subject) VALUES (?, ?, ?, ?, ?, ?)"]
            .Run(
                position,
                ordinal,
                value.Pointer,
                value.Commitment,
                value.Ciphertext,
                terms.Term(tenant, Facets.Subject, value.Subject)
            );

    /// <summary>The same commitment stands in every later revision of the document; its value is kept once.</summary>
    public void WriteInDocument(long tenant, long position, SealedValue value) =>
        database[
            """
            INSERT OR IGNORE INTO document_private (tenant, commitment, pointer, sealed, subject, position)
            VALUES (?, ?, ?, ?, ?, ?)
            """
        ]
            .Run(
                tenant,
                value.Commitment,
                value.Pointer,
                value.Ciphertext,
                terms.Term(tenant, Facets.Subject, value.Subject),
                position
            );

    /// <summary>
    /// Whether a commit comes too late for an erasure, or an erasure for a commit: it holds a value of somebody erased, or erases
    /// somebody of whom a value was written since it was decided.
    /// </summary>
    public bool Clashes(long tenant, Commit commit)
    {
        _asked.Clear();
        foreach (var entry in commit.Entries)
        {
            foreach (var value in entry.Privates)
            {
                if (_asked.Add(value.Subject) && IsErased(tenant, value.Subject))
                    return true;
            }
        }
        return commit.Effect is CommitEffect.EraseSubjects erase
            && erase.Subjects.Any(subject => WrittenSince(tenant, subject, Position.Of(tenant, erase.AsOf)));
    }

    private bool IsErased(long tenant, string subject) =>
        database["SELECT 1 FROM erased_subject WHERE tenant = ? AND sid = ?"].Number(tenant, subject) is not null;

    /// <summary>Removes every value of the subjects, and their names.</summary>
    public void Erase(long tenant, CommitEffect.EraseSubjects erase, long position)
    {
        foreach (var subject in erase.Subjects)
        {
            if (terms.FindTerm(tenant, Facets.Subject, subject) is { } number)
            {
                _words.Erase(ReasonsOf(number));
                database["DELETE FROM entry_private WHERE subject = ?"].Run(number);
                database["DELETE FROM document_private WHERE subject = ?"].Run(number);
            }
            database["DELETE FROM subject WHERE tenant = ? AND sid = ?"].Run(tenant, subject);
            database[
                """
                INSERT INTO erased_subject (tenant, sid, position) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET position = excluded.position
                """
            ]
                .Run(tenant, subject, position);
        }
    }

    /// <summary>The entries whose reason is a value of this subject.</summary>
    private List<long> ReasonsOf(long subject)
    {
        var positions = new List<long>();
        using var rows = database["SELECT position, pointer FROM entry_private WHERE subject = ? ORDER BY position"]
            .Query(subject);
        while (rows.Next())
        {
            if (LeafText.ReasonPointers.Contains(rows.Text(1), StringComparer.Ordinal))
                positions.Add(rows.Int64(0));
        }
        return positions;
    }

    private bool WrittenSince(long tenant, string subject, long position) =>
        terms.FindTerm(tenant, Facets.Subject, subject) is { } number
        && (
            database["SELECT max(position) FROM entry_private WHERE subject = ?"].Number(number) >= position
            || database["SELECT max(position) FROM document_private WHERE subject = ?"].Number(number) >= position
        );
}

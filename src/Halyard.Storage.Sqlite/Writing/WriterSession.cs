using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>What requests can do inside the writer's transaction.</summary>
internal sealed class WriterSession
{
    private readonly TermTable _terms;
    private readonly HeadTable _heads;
    private readonly CommitWriter _commits;
    private readonly SubjectTable _subjects;

    public WriterSession(Database database)
    {
        _terms = new TermTable(database);
        _heads = new HeadTable(database);
        _commits = new CommitWriter(database, _terms, _heads);
        _subjects = new SubjectTable(database, _terms);
    }

    public CommitResult Commit(Commit commit) => _commits.Apply(commit);

    public IReadOnlyDictionary<string, string> Subjects(string tenant, IReadOnlyCollection<string> names, Func<string> newId) =>
        _subjects.Ensure(tenant, names, newId);

    public void Flush() => _heads.Flush();

    public void Accept() => _heads.Accept();

    public void ForgetTerms() => _terms.Forget();

    public void ForgetAll()
    {
        _terms.Forget();
        _heads.Forget();
    }
}

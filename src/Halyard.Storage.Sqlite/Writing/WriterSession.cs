using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>What requests can do inside the writer's transaction.</summary>
internal sealed class WriterSession
{
    private readonly TermTable _terms;
    private readonly HeadTable _heads;
    private readonly RecentTable _recent;
    private readonly CommitWriter _commits;
    private readonly SubjectTable _subjects;
    private readonly EvaluationTable _evaluations;
    private readonly MarkTable _marks;
    private readonly TimerTable _timers;

    public WriterSession(Database database)
    {
        _terms = new TermTable(database);
        _heads = new HeadTable(database);
        _recent = new RecentTable(database, _terms);
        _commits = new CommitWriter(database, _terms, _recent, _heads);
        _subjects = new SubjectTable(database, _terms);
        _evaluations = new EvaluationTable(database, _terms);
        _marks = new MarkTable(database, _terms);
        _timers = new TimerTable(database);
    }

    public CommitResult Commit(Commit commit) => _commits.Apply(commit);

    public IReadOnlyDictionary<string, string> Subjects(string tenant, IReadOnlyCollection<string> names, Func<string> newId) =>
        _subjects.Ensure(tenant, names, newId);

    public void AddEvaluations(string tenant, IReadOnlyCollection<EvaluationDelta> deltas) => _evaluations.Add(tenant, deltas);

    public bool SetMark(string tenant, string name, long expectedVersion, ReadOnlyMemory<byte> value) =>
        _marks.Set(tenant, name, expectedVersion, value);

    public bool RemoveMark(string tenant, string name, long expectedVersion) => _marks.Remove(tenant, name, expectedVersion);

    public IReadOnlyList<TakenTimer> TakeDueTimers(DateTimeOffset now, int limit, TimeSpan lease) =>
        _timers.TakeDue(now, limit, lease);

    public bool FinishTimer(TakenTimer taken) =>
        _terms.FindTenant(taken.Tenant) is { } tenant && _timers.Finish(tenant, taken.Timer.Id, taken.Fence);

    /// <summary>What is done once a transaction, before it ends.</summary>
    public void Flush()
    {
        _heads.Flush();
        _recent.Flush(_heads.Advanced);
    }

    public void Accept() => _heads.Accept();

    /// <summary>A request begins, in a savepoint.</summary>
    public void Begin() => _recent.Mark();

    /// <summary>The request's savepoint was rolled back.</summary>
    public void Undo()
    {
        _terms.Forget();
        _recent.Undo();
    }

    public void ForgetAll()
    {
        _terms.Forget();
        _heads.Forget();
        _recent.Forget();
    }
}

namespace Halyard.Core.Changes.Importing;

/// <summary>Collects what is wrong with lines, up to <see cref="HistoryFile.MaxProblems"/>.</summary>
internal sealed class LineProblems
{
    private readonly List<FieldProblem> _problems = [];

    public bool Any => _problems.Count > 0;

    public bool IsFull => _problems.Count >= HistoryFile.MaxProblems;

    public IReadOnlyList<FieldProblem> All => _problems;

    /// <summary>Adds a problem of a line.</summary>
    /// <param name="line">The 0-based line.</param>
    /// <param name="pointer">Where in the line; empty for all of it.</param>
    /// <param name="message">What is wrong, in words.</param>
    public void Add(long line, string pointer, string message)
    {
        if (!IsFull)
            _problems.Add(new FieldProblem($"/{line}{pointer}", $"line {line + 1}: {message}"));
    }

    /// <summary>Adds a problem that has its pointer already.</summary>
    public void Add(HistoryLine line, FieldProblem problem)
    {
        if (!IsFull)
            _problems.Add(problem with { Message = $"line {line.Number}: {problem.Message}" });
    }

    /// <summary>Adds a problem of the file as a whole.</summary>
    public void Add(string message) => _problems.Add(new FieldProblem("", message));
}

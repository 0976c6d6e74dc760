namespace Halyard.Rego;

/// <summary>The variables that a closure uses and does not own.</summary>
internal static class Captures
{
    public static IReadOnlyList<Variable> Of(Scope inner, IEnumerable<Statement> body, params IEnumerable<Term?> terms)
    {
        var found = new HashSet<Variable>();
        foreach (var statement in body)
            Add(statement, found);
        foreach (var term in terms)
            Add(term, found);
        return [.. found.Where(variable => !variable.Scope.IsWithin(inner))];
    }

    /// <summary>Every variable that a statement uses, its closures' captures included.</summary>
    public static HashSet<Variable> Of(Statement statement)
    {
        var found = new HashSet<Variable>();
        Add(statement, found);
        return found;
    }

    private static void Add(Statement statement, HashSet<Variable> found)
    {
        switch (statement)
        {
            case Holds holds:
                Add(holds.Term, found);
                break;
            case Unify unify:
                Add(unify.Left, found);
                Add(unify.Right, found);
                break;
            case Not not:
                Add(not.Inner, found);
                break;
            case SomeIn some:
                Add(some.Collection, found);
                Add(some.Key, found);
                Add(some.Value, found);
                break;
            case ForEach every:
                Add(every.Domain, found);
                found.UnionWith(every.Captured);
                break;
            case Group group:
                foreach (var inner in group.Statements)
                    Add(inner, found);
                break;
            case Under under:
                Add(under.Inner, found);
                foreach (var replacement in under.Replacements)
                {
                    Add(replacement.Target, found);
                    Add(replacement.Value, found);
                }
                break;
        }
    }

    private static void Add(Term? term, HashSet<Variable> found)
    {
        switch (term)
        {
            case Local local:
                found.Add(local.Variable);
                break;
            case Reference reference:
                Add(reference.Head, found);
                AddAll(reference.Path, found);
                break;
            case ArrayTerm array:
                AddAll(array.Items, found);
                break;
            case SetTerm set:
                AddAll(set.Items, found);
                break;
            case ObjectTerm members:
                foreach (var (key, value) in members.Members)
                {
                    Add(key, found);
                    Add(value, found);
                }
                break;
            case Invocation invocation:
                AddAll(invocation.Arguments, found);
                break;
            case IClosure closure:
                found.UnionWith(closure.Captured);
                break;
        }
    }

    private static void AddAll(IEnumerable<Term> terms, HashSet<Variable> found)
    {
        foreach (var term in terms)
            Add(term, found);
    }
}

namespace Halyard.Rego;

/// <summary>The names that terms and statements mention outside of closures.</summary>
internal static class Mentions
{
    public static HashSet<string> In(IReadOnlyList<Statement> body, params IEnumerable<Term?> terms)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var statement in body)
            Add(statement, names);
        foreach (var term in terms)
            Add(term, names);
        // What the body declares is its own from there on; a closure before that means something else.
        foreach (var statement in body)
            names.ExceptWith(Declared(statement));
        return names;
    }

    private static IEnumerable<string> Declared(Statement statement) =>
        statement switch
        {
            Some some => some.Names.Select(name => name.Text),
            Unify { Declares: true } unify => Resolver.PatternNames(unify.Left),
            SomeIn some => Resolver.PatternNames(some.Value).Concat(some.Key is null ? [] : Resolver.PatternNames(some.Key)),
            _ => [],
        };

    private static void Add(Statement statement, HashSet<string> names)
    {
        switch (statement)
        {
            case Holds holds:
                Add(holds.Term, names);
                break;
            case Unify unify:
                Add(unify.Left, names);
                Add(unify.Right, names);
                break;
            case Not not:
                Add(not.Inner, names);
                break;
            case SomeIn some:
                Add(some.Collection, names);
                break;
            case Every every:
                Add(every.Domain, names);
                break;
        }
        foreach (var replacement in statement.With)
            Add(replacement.Value, names);
    }

    private static void Add(Term? term, HashSet<string> names)
    {
        switch (term)
        {
            case Name { IsWildcard: false } name:
                names.Add(name.Text);
                break;
            case Reference reference:
                Add(reference.Head, names);
                AddAll(reference.Path, names);
                break;
            case ArrayTerm array:
                AddAll(array.Items, names);
                break;
            case SetTerm set:
                AddAll(set.Items, names);
                break;
            case ObjectTerm members:
                foreach (var (key, value) in members.Members)
                {
                    Add(key, names);
                    Add(value, names);
                }
                break;
            case Call call:
                AddAll(call.Arguments, names);
                break;
        }
    }

    private static void AddAll(IEnumerable<Term> terms, HashSet<string> names)
    {
        foreach (var term in terms)
            Add(term, names);
    }
}

namespace Halyard.Rego;

/// <summary>
/// Whether a statement can run, given the variables that have values: each variable it uses has one or gets one from the
/// statement itself. Where it cannot, the variables that are missing.
/// </summary>
internal sealed class Readiness(HashSet<Variable> bound)
{
    private readonly List<Variable> _fresh = [];
    private readonly List<Local> _missing = [];

    public IReadOnlyList<Local> Missing => _missing;

    public bool Allows(Statement statement)
    {
        Visit(statement);
        bound.ExceptWith(_fresh);
        return _missing.Count == 0;
    }

    /// <summary>Whether a term has a value with what is bound, after its references have bound what they bind.</summary>
    public static bool AllowsValue(HashSet<Variable> bound, Term term)
    {
        var readiness = new Readiness(bound);
        readiness.Value(term);
        bound.ExceptWith(readiness._fresh);
        return readiness._missing.Count == 0;
    }

    private void Visit(Statement statement)
    {
        switch (statement)
        {
            case Holds holds:
                Value(holds.Term);
                break;
            case Unify unify:
                VisitUnify(unify);
                break;
            case Not or Group:
                VisitInner(statement);
                break;
            case SomeIn some:
                Value(some.Collection);
                if (some.Key is not null)
                    Pattern(some.Key);
                Pattern(some.Value);
                break;
            case ForEach every:
                Value(every.Domain);
                Need(every.Captured, every.Place);
                break;
            case Under under:
                foreach (var replacement in under.Replacements)
                {
                    Value(replacement.Target);
                    if (replacement.Value is not Invocation { Arguments.Count: 0 })
                        Value(replacement.Value);
                }
                Visit(under.Inner);
                break;
        }
    }

    private void VisitInner(Statement statement)
    {
        if (statement is Not not)
            Need(Captures.Of(not.Inner), not.Place);
        else
            foreach (var inner in ((Group)statement).Statements)
                Visit(inner);
    }

    private void VisitUnify(Unify unify)
    {
        if (AllowsValue(bound, unify.Right))
        {
            Value(unify.Right);
            Pattern(unify.Left);
        }
        else
        {
            Value(unify.Left);
            Pattern(unify.Right);
        }
    }

    private void Value(Term term)
    {
        switch (term)
        {
            case Local local:
                if (!bound.Contains(local.Variable))
                    _missing.Add(local);
                break;
            case Reference reference:
                Value(reference.Head);
                foreach (var key in reference.Path)
                    Pattern(key);
                break;
            case ArrayTerm array:
                Values(array.Items);
                break;
            case SetTerm set:
                Values(set.Items);
                break;
            case ObjectTerm members:
                foreach (var (key, value) in members.Members)
                {
                    Value(key);
                    Value(value);
                }
                break;
            case Invocation invocation:
                Values(invocation.Arguments);
                break;
            case IClosure closure:
                Need(closure.Captured, term.Place);
                break;
        }
    }

    private void Pattern(Term term)
    {
        switch (term)
        {
            case Local local:
                if (bound.Add(local.Variable))
                    _fresh.Add(local.Variable);
                break;
            case ArrayTerm array:
                foreach (var item in array.Items)
                    Pattern(item);
                break;
            case ObjectTerm members:
                foreach (var (key, value) in members.Members)
                {
                    Value(key);
                    Pattern(value);
                }
                break;
            default:
                Value(term);
                break;
        }
    }

    // Variables last: `x == input.xs[x]` has its x from the reference.
    private void Values(IReadOnlyList<Term> terms)
    {
        foreach (var term in terms)
        {
            if (term is not Local)
                Value(term);
        }
        foreach (var term in terms)
        {
            if (term is Local)
                Value(term);
        }
    }

    private void Need(IEnumerable<Variable> variables, Place place) =>
        _missing.AddRange(variables.Where(variable => !bound.Contains(variable)).Select(variable => new Local(place, variable)));
}

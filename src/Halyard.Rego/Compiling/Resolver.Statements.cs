namespace Halyard.Rego;

internal sealed partial class Resolver
{
    private void Resolve(Statement statement, Scope scope, List<Statement> resolved)
    {
        if (statement is Some some)
        {
            foreach (var name in some.Names)
                DeclarePattern(name, scope);
            return;
        }
        // A call of print says something to nobody and always holds.
        if (statement is Holds { Term: Call { Function: "print" } })
            return;
        Replacement[] with = [.. statement.With.Select(replacement => Resolve(replacement, scope))];
        var first = resolved.Count;
        switch (statement)
        {
            case Holds holds:
                resolved.Add(ResolveHolds(holds, scope));
                break;
            case Unify unify:
                ResolveUnify(unify, scope, resolved);
                break;
            case Not not:
                ResolveNot(not, scope, resolved);
                break;
            case SomeIn someIn:
                resolved.Add(ResolveSomeIn(someIn, scope));
                break;
            case Every every:
                resolved.Add(ResolveEvery(every, scope));
                break;
        }
        if (with.Length == 0)
            return;
        Statement inner = resolved.Count - first == 1 ? resolved[^1] : new Group(statement.Place, [.. resolved.Skip(first)]);
        resolved.RemoveRange(first, resolved.Count - first);
        resolved.Add(new Under(statement.Place, inner, with));
    }

    private Statement ResolveHolds(Holds holds, Scope scope)
    {
        var term = Resolve(holds.Term, scope);
        if (term is not Invocation invocation || invocation.Arguments.Count <= invocation.Arity)
            return new Holds(holds.Place, term);
        // With one argument more than it takes, a function's result is held against the last.
        var call = invocation with
        {
            Arguments = [.. invocation.Arguments.SkipLast(1)],
        };
        return new Unify(holds.Place, invocation.Arguments[^1], call, Declares: false);
    }

    private void ResolveUnify(Unify unify, Scope scope, List<Statement> resolved)
    {
        // What is on the right does not see what the left declares.
        if (!unify.Declares)
        {
            Flatten(unify.Place, Resolve(unify.Left, scope), Resolve(unify.Right, scope), resolved);
            return;
        }
        var right = Resolve(unify.Right, scope);
        DeclarePattern(unify.Left, scope);
        Flatten(unify.Place, Resolve(unify.Left, scope), right, resolved);
    }

    // Arrays and objects of one shape are as many unifications of what they hold, which may then run in any order.
    private static void Flatten(Place place, Term left, Term right, List<Statement> resolved)
    {
        switch (left, right)
        {
            case (ArrayTerm first, ArrayTerm second):
                if (first.Items.Count != second.Items.Count)
                    resolved.Add(new Never(place));
                else
                    foreach (var (one, other) in first.Items.Zip(second.Items))
                        Flatten(place, one, other, resolved);
                break;
            case (ObjectTerm first, ObjectTerm second) when HasConstantKeys(first) && HasConstantKeys(second):
                var members = second.Members.ToDictionary(member => ((Constant)member.Key).Value, member => member.Value);
                if (
                    first.Members.Count != members.Count
                    || first.Members.Any(member => !members.ContainsKey(((Constant)member.Key).Value))
                )
                    resolved.Add(new Never(place));
                else
                    foreach (var (key, value) in first.Members)
                        Flatten(place, value, members[((Constant)key).Value], resolved);
                break;
            default:
                resolved.Add(new Unify(place, left, right, Declares: false));
                break;
        }
    }

    private static bool HasConstantKeys(ObjectTerm members) =>
        members.Members.All(member => member.Key is Constant)
        && members.Members.Select(member => ((Constant)member.Key).Value).Distinct().Count() == members.Members.Count;

    private void ResolveNot(Not not, Scope scope, List<Statement> resolved)
    {
        var inner = new List<Statement>();
        Resolve(not.Inner, scope, inner);
        resolved.Add(new Not(not.Place, inner.Count == 1 ? inner[0] : new Group(not.Place, inner)));
    }

    private SomeIn ResolveSomeIn(SomeIn some, Scope scope)
    {
        var collection = Resolve(some.Collection, scope);
        if (some.Key is not null)
            DeclarePattern(some.Key, scope);
        DeclarePattern(some.Value, scope);
        var key = some.Key is null ? null : Resolve(some.Key, scope);
        return new SomeIn(some.Place, key, Resolve(some.Value, scope), collection);
    }

    private ForEach ResolveEvery(Every every, Scope scope)
    {
        var domain = Resolve(every.Domain, scope);
        var inner = new Scope(scope, Mentions.In(every.Body));
        var key = every.Key is null ? null : NewVariable(every.Key.Text, inner);
        var value = NewVariable(every.Value.Text, inner);
        if (key is not null && !every.Key!.IsWildcard)
            inner.Add(key);
        if (!every.Value.IsWildcard)
            inner.Add(value);
        var body = Resolve(every.Body, new Scope(inner, Mentions.In(every.Body)));
        return new ForEach(every.Place, key, value, domain, body, Captures.Of(inner, body));
    }

    private Replacement Resolve(Replacement replacement, Scope scope)
    {
        var target =
            Dotted(replacement.Target) is { } name && names.Function(name, replacement.Place) is { } function
                ? new Invocation(replacement.Place, function, [])
                : Resolve(replacement.Target, scope);
        var standsIn =
            target is Invocation && Dotted(replacement.Value) is { } other && scope.Find(other) is null
                ? names.Function(other, replacement.Place)
                : null;
        var value = standsIn is null ? Resolve(replacement.Value, scope) : new Invocation(replacement.Place, standsIn, []);
        if (target is not (Invocation or Root or Reference { Head: Root }))
            problems.Add(
                replacement.Place.Problem(
                    "rego_type_error",
                    "with keyword target must reference existing input, data, or a function"
                )
            );
        return new Replacement(replacement.Place, target, value);
    }

    private static string? Dotted(Term term) =>
        term switch
        {
            Name name => name.Text,
            Reference { Head: Name head } reference when reference.Path.All(part => part is Constant { Value: RegoString }) =>
                $"{head.Text}.{string.Join('.', reference.Path.Select(part => ((RegoString)((Constant)part).Value).Value))}",
            _ => null,
        };

    private void DeclarePattern(Term pattern, Scope scope)
    {
        foreach (var name in PatternNames(pattern))
            Declare(name, pattern.Place, scope);
    }

    /// <summary>The names that a pattern gives values to.</summary>
    public static List<string> PatternNames(Term pattern) =>
        pattern switch
        {
            Name { IsWildcard: false } name => [name.Text],
            ArrayTerm array => [.. array.Items.SelectMany(PatternNames)],
            ObjectTerm members => [.. members.Members.SelectMany(member => PatternNames(member.Value))],
            _ => [],
        };

    /// <summary>Makes a name a variable of a body unless it is one already.</summary>
    public void DeclareOnce(string name, Scope scope)
    {
        if (scope.Find(name) is null)
            scope.Add(NewVariable(name, scope));
    }

    private void Declare(string name, Place place, Scope scope)
    {
        if (name is "input" or "data")
            problems.Add(
                place.Problem("rego_compile_error", $"variables must not shadow {name} (use a different variable name)")
            );
        if (scope.Holds(name))
            problems.Add(place.Problem("rego_compile_error", $"var {name} declared or referenced above"));
        scope.Add(NewVariable(name, scope));
    }
}

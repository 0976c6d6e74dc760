using System.Runtime.CompilerServices;

namespace Halyard.Rego;

/// <summary>
/// Gives names their meaning: each becomes a variable with a slot, or a reference into <c>data</c> or <c>input</c>; each call
/// gets its function. One for each rule or query.
/// </summary>
internal sealed class Resolver(Names names, List<RegoProblem> problems)
{
    private int _slots;

    /// <summary>How many slots the variables need so far.</summary>
    public int Slots => _slots;

    public int NewSlot() => _slots++;

    public Variable NewVariable(string name, Scope scope) => new(name, _slots++, scope);

    public List<Statement> Resolve(IReadOnlyList<Statement> body, Scope scope)
    {
        var resolved = new List<Statement>();
        foreach (var statement in body)
            Resolve(statement, scope, resolved);
        return resolved;
    }

    public Term Resolve(Term term, Scope scope)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SyntaxError(term.Place, "the text nests too deep");
        return term switch
        {
            Name name => Resolve(name, scope),
            Reference reference => Resolve(reference, scope),
            ArrayTerm array => array with { Items = Resolve(array.Items, scope) },
            SetTerm set => set with { Items = Resolve(set.Items, scope) },
            ObjectTerm members => members with
            {
                Members = [.. members.Members.Select(member => (Resolve(member.Key, scope), Resolve(member.Value, scope)))],
            },
            Call call => Resolve(call, scope),
            Comprehension comprehension => Resolve(comprehension, scope),
            Template template => Resolve(template, scope),
            _ => term,
        };
    }

    private Term[] Resolve(IReadOnlyList<Term> terms, Scope scope) => [.. terms.Select(term => Resolve(term, scope))];

    private Term Resolve(Name name, Scope scope)
    {
        if (name.IsWildcard)
            return new Local(name.Place, NewVariable("_", scope));
        if (scope.Find(name.Text) is { } known)
        {
            scope.See(name.Text);
            return new Local(name.Place, known);
        }
        if (names.Global(name.Text, name.Place) is { } global)
        {
            scope.See(name.Text);
            return global;
        }
        var owner = scope.OwnerOf(name.Text);
        var variable = NewVariable(name.Text, owner);
        owner.Add(variable);
        return new Local(name.Place, variable);
    }

    private Term Resolve(Reference reference, Scope scope)
    {
        var head = Resolve(reference.Head, scope);
        var path = Resolve(reference.Path, scope);
        return head is Reference { Head: Root } global
            ? new Reference(reference.Place, global.Head, [.. global.Path, .. path])
            : new Reference(reference.Place, head, path);
    }

    private Term Resolve(Call call, Scope scope)
    {
        var arguments = Resolve(call.Arguments, scope);
        if (names.Function(call.Function, call.Place) is not { } function)
        {
            problems.Add(Unsupported.Problem(call.Function, call.Place));
            return new Constant(call.Place, RegoBoolean.False);
        }
        var invocation = new Invocation(call.Place, function, arguments);
        if (arguments.Length != invocation.Arity && arguments.Length != invocation.Arity + 1)
        {
            var message = $"{call.Function}: arity mismatch: have {arguments.Length} arguments, want {invocation.Arity}";
            problems.Add(call.Place.Problem("rego_type_error", message));
            return new Constant(call.Place, RegoBoolean.False);
        }
        return invocation;
    }

    private Collecting Resolve(Comprehension comprehension, Scope scope)
    {
        var inner = new Scope(scope, Mentions.In(comprehension.Body, comprehension.Key, comprehension.Value));
        var body = Resolve(comprehension.Body, inner);
        var key = comprehension.Key is null ? null : Resolve(comprehension.Key, inner);
        var value = Resolve(comprehension.Value, inner);
        var captured = Captures.Of(inner, body, key, value);
        return new Collecting(comprehension.Place, comprehension.Kind, key, value, body, captured);
    }

    private Filled Resolve(Template template, Scope scope)
    {
        var parts = new List<FilledPart>();
        var captured = new List<Variable>();
        foreach (var part in template.Parts)
        {
            if (part.Hole is not { } hole)
            {
                parts.Add(new FilledPart(part.Text, null, []));
                continue;
            }
            // The hole's value is what its one statement says, under whatever it replaces.
            var inner = new Scope(scope, Mentions.In([hole]));
            if (hole is not Holds holds)
            {
                problems.Add(hole.Place.Problem("rego_parse_error", "a template string holds terms only"));
                continue;
            }
            var value = new Local(hole.Place, NewVariable("_", inner));
            Statement given = new Unify(hole.Place, value, Resolve(holds.Term, inner), Declares: false);
            if (hole.With.Count > 0)
                given = new Under(hole.Place, given, [.. hole.With.Select(replacement => Resolve(replacement, inner))]);
            Statement[] body = [given];
            captured.AddRange(Captures.Of(inner, body, value));
            parts.Add(new FilledPart(null, value, body));
        }
        return new Filled(template.Place, parts, captured);
    }

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
        // With one argument more than it takes, a function's result is held against the last.
        return term is Invocation invocation && invocation.Arguments.Count > invocation.Arity
            ? new Unify(
                holds.Place,
                invocation.Arguments[^1],
                invocation with
                {
                    Arguments = [.. invocation.Arguments.SkipLast(1)],
                },
                Declares: false
            )
            : holds with
            {
                Term = term,
                With = [],
            };
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
        if (scope.Holds(name))
            problems.Add(place.Problem("rego_compile_error", $"var {name} declared or referenced above"));
        scope.Add(NewVariable(name, scope));
    }
}

/// <summary>Several statements in one place.</summary>
internal sealed record Group(Place Place, IReadOnlyList<Statement> Statements) : Statement(Place);

/// <summary>A statement under replacements.</summary>
internal sealed record Under(Place Place, Statement Inner, IReadOnlyList<Replacement> Replacements) : Statement(Place);

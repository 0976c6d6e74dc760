using System.Runtime.CompilerServices;

namespace Halyard.Rego;

/// <summary>
/// Gives names their meaning: each becomes a variable with a slot, or a reference into <c>data</c> or <c>input</c>; each call
/// gets its function. One for each rule or query.
/// </summary>
/// <remarks>Terms here; statements in the other file of this class.</remarks>
internal sealed partial class Resolver(Names names, List<RegoProblem> problems)
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

    private Reference Resolve(Reference reference, Scope scope)
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
}

namespace Halyard.Rego;

/// <summary>
/// Checks a rule or query against what is known of types: arguments of functions, keys of references, and the two sides of a
/// unification. Only what can never be is a problem.
/// </summary>
internal sealed class TypeChecker(Document root, List<RegoProblem> problems)
{
    private readonly Dictionary<Variable, RegoType> _types = [];

    public void Check(IEnumerable<Statement> statements)
    {
        foreach (var statement in statements)
            Check(statement);
    }

    /// <summary>The type of a term, its problems noted.</summary>
    public RegoType Of(Term term) =>
        term switch
        {
            Constant constant => TypeRules.Of(constant.Value),
            Local local => _types.GetValueOrDefault(local.Variable, RegoType.Any),
            Reference reference => OfReference(reference),
            ArrayTerm array => TypeRules.Capped(new RegoType.TupleOf([.. array.Items.Select(Of)])),
            SetTerm set => TypeRules.Capped(RegoType.SetOfType(TypeRules.Either(set.Items.Select(Of)))),
            ObjectTerm members => OfObject(members),
            Invocation invocation => OfInvocation(invocation),
            Collecting collecting => OfCollecting(collecting),
            Filled filled => OfFilled(filled),
            _ => RegoType.Any,
        };

    private void Check(Statement statement)
    {
        switch (statement)
        {
            case Holds holds:
                Of(holds.Term);
                break;
            case Unify unify:
                CheckUnify(unify);
                break;
            case Not not:
                Check(not.Inner);
                break;
            case Group group:
                Check(group.Statements);
                break;
            case SomeIn some:
                var collection = Of(some.Collection);
                if (some.Key is not null)
                    Learn(some.Key, TypeRules.KeyOf(collection));
                Learn(some.Value, TypeRules.At(collection, null) ?? RegoType.Any);
                break;
            case ForEach every:
                var domain = Of(every.Domain);
                if (every.Key is not null)
                    _types[every.Key] = TypeRules.KeyOf(domain);
                _types[every.Value] = TypeRules.At(domain, null) ?? RegoType.Any;
                Check(every.Body);
                break;
            case Under under:
                // Under replacements nothing is known for sure of what is replaced.
                foreach (
                    var replacement in under.Replacements.Where(replacement =>
                        replacement.Value is not Invocation { Arguments.Count: 0 }
                    )
                )
                    Of(replacement.Value);
                break;
        }
    }

    private void CheckUnify(Unify unify)
    {
        var (left, right) = (Of(unify.Left), Of(unify.Right));
        if (!TypeRules.MayMeet(left, right))
        {
            var message = $"match error: {left.Describe()} is never {right.Describe()}";
            problems.Add(unify.Place.Problem("rego_type_error", message));
        }
        Learn(unify.Left, right);
        Learn(unify.Right, left);
    }

    private void Learn(Term pattern, RegoType type)
    {
        switch (pattern)
        {
            case Local local when TypeRules.IsAny(Of(local)):
                _types[local.Variable] = type;
                break;
            case ArrayTerm array:
                for (var i = 0; i < array.Items.Count; i++)
                    Learn(array.Items[i], TypeRules.At(type, RegoValue.Of(i)) ?? RegoType.Any);
                break;
            case ObjectTerm members:
                foreach (var (key, value) in members.Members)
                    Learn(value, TypeRules.At(type, (key as Constant)?.Value) ?? RegoType.Any);
                break;
        }
    }

    private RegoType OfReference(Reference reference)
    {
        var at = 0;
        RegoType type;
        if (reference.Head is Root head)
        {
            if (head.IsInput)
                return OfKeys(reference, RegoType.Any, 0);
            var document = root;
            while (
                !document.HasValue
                && at < reference.Path.Count
                && reference.Path[at] is Constant key
                && document.Child(key.Value) is { } child
            )
            {
                document = child;
                at++;
            }
            type = document.Type;
        }
        else
        {
            type = Of(reference.Head);
        }
        return OfKeys(reference, type, at);
    }

    private RegoType OfKeys(Reference reference, RegoType type, int from)
    {
        for (var at = from; at < reference.Path.Count; at++)
        {
            var key = reference.Path[at];
            if (key is not Constant)
            {
                Of(key);
                Learn(key, TypeRules.KeyOf(type));
            }
            if (TypeRules.At(type, (key as Constant)?.Value) is not { } below)
            {
                var name = key is Constant { Value: var value } ? value.ToString() : "a variable";
                problems.Add(
                    reference.Place.Problem("rego_type_error", $"undefined ref: {type.Describe()} has nothing at {name}")
                );
                return RegoType.Any;
            }
            type = below;
        }
        return type;
    }

    private RegoType OfObject(ObjectTerm members)
    {
        var types = members.Members.Select(member => (member.Key, KeyType: Of(member.Key), ValueType: Of(member.Value))).ToList();
        if (!types.TrueForAll(member => member.Key is Constant))
        {
            return TypeRules.Capped(
                RegoType.ObjectOfTypes(
                    TypeRules.Either(types.Select(member => member.KeyType)),
                    TypeRules.Either(types.Select(member => member.ValueType))
                )
            );
        }
        var record = new Dictionary<RegoValue, RegoType>();
        foreach (var (key, _, type) in types)
            record[((Constant)key).Value] = type;
        return TypeRules.Capped(new RegoType.RecordOf(record));
    }

    private RegoType OfInvocation(Invocation invocation)
    {
        var given = invocation.Arguments.Select(Of).ToList();
        if (invocation.Target is not Builtin builtin)
            return ((Document)invocation.Target).Type;
        for (var i = 0; i < builtin.Arguments.Count && i < given.Count; i++)
        {
            if (TypeRules.MayMeet(given[i], builtin.Arguments[i]))
                continue;
            var message =
                $"{builtin.Name}: invalid argument(s): operand {i + 1} must be {builtin.Arguments[i].Describe()} but is {given[i].Describe()}";
            problems.Add(invocation.Place.Problem("rego_type_error", message));
        }
        return builtin.Result;
    }

    private RegoType OfCollecting(Collecting collecting)
    {
        Check(collecting.Body);
        var value = Of(collecting.Value);
        return TypeRules.Capped(
            collecting.Kind switch
            {
                RegoKind.Array => RegoType.ArrayOfType(value),
                RegoKind.Set => RegoType.SetOfType(value),
                _ => RegoType.ObjectOfTypes(Of(collecting.Key!), value),
            }
        );
    }

    private RegoType OfFilled(Filled filled)
    {
        foreach (var part in filled.Parts)
            Check(part.Body);
        return RegoType.String;
    }
}

/// <summary>A branch of a rule as the checker sees it: the statements in the order in which they run, and what they give.</summary>
internal sealed record TypedBranch(IReadOnlyList<Statement> Statements, IReadOnlyList<Term> Tail, Term Value);

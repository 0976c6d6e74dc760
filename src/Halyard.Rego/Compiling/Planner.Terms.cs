using System.Runtime.CompilerServices;

namespace Halyard.Rego;

internal sealed partial class Planner
{
    /// <summary>The node of a term; references that take several values become steps before it.</summary>
    private Node Value(Term term)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SyntaxError(term.Place, "the text nests too deep");
        return term switch
        {
            Constant constant => new ConstantNode(constant.Value),
            Local local => new SlotNode(local.Variable.Slot),
            Root { IsInput: true } => InputNode.Instance,
            Root => Reference(new Reference(term.Place, term, [])),
            Reference reference => Reference(reference),
            ArrayTerm array => Folded(Values(array.Items), items => new ArrayNode(items)),
            SetTerm set => Folded(Values(set.Items), items => new SetNode(items)),
            ObjectTerm members => Members(members),
            Invocation invocation => Invoke(invocation),
            Collecting collecting => Collect(collecting),
            Filled filled => Fill(filled),
            _ => throw new InvalidOperationException($"a term of the parser was left unresolved: {term}"),
        };
    }

    private Node[] Values(IReadOnlyList<Term> terms) => [.. terms.Select(Value)];

    // What is made of constants is made once.
    private static Node Folded(Node[] parts, Func<Node[], Node> make)
    {
        var node = make(parts);
        if (!Array.TrueForAll(parts, part => part is ConstantNode))
            return node;
        var values = Array.ConvertAll(parts, part => ((ConstantNode)part).Value);
        return new ConstantNode(node is SetNode ? RegoSet.Of(values) : RegoArray.Of(values));
    }

    private Node Members(ObjectTerm members)
    {
        var keys = new List<Node>();
        var values = new List<Node>();
        foreach (var (key, value) in members.Members)
        {
            keys.Add(Value(key));
            values.Add(Value(value));
        }
        if (!keys.Concat(values).All(node => node is ConstantNode))
            return new ObjectNode([.. keys], [.. values]);
        return new ConstantNode(
            RegoObject.From(
                keys.Zip(values, (key, value) => KeyValuePair.Create(((ConstantNode)key).Value, ((ConstantNode)value).Value))
            )
        );
    }

    private Node Invoke(Invocation invocation)
    {
        if (invocation.Arguments.Count > invocation.Arity)
        {
            // With one argument more: the result held against it, and true.
            EmitUnify(
                new Unify(
                    invocation.Place,
                    invocation.Arguments[^1],
                    invocation with
                    {
                        Arguments = [.. invocation.Arguments.SkipLast(1)],
                    },
                    Declares: false
                )
            );
            return new ConstantNode(RegoBoolean.True);
        }
        var arguments = Values(invocation.Arguments);
        if (invocation.Target is Document function)
        {
            _context.Depend(function);
            return new FunctionNode(function, arguments, _context.IsStrict, invocation.Place);
        }
        var builtin = (Builtin)invocation.Target;
        if (Comparisons.Of(builtin.Name) is { } comparison)
            return new ComparisonNode(comparison, arguments[0], arguments[1]);
        var call = new BuiltinNode(builtin, arguments, _context.IsStrict, invocation.Place);
        if (!builtin.IsRelation)
            return call;
        var slot = _context.NewSlot();
        _steps.Add(new RelationStep(call, slot));
        return new SlotNode(slot);
    }

    private Node Collect(Collecting collecting)
    {
        var inner = Inner(collecting.Body);
        var key = collecting.Key is null ? null : inner.PlanValue(collecting.Key);
        var value = inner.PlanValue(collecting.Value);
        return key is null
            ? new CollectNode(collecting.Kind == RegoKind.Set, inner.Body, value)
            : new CollectMembersNode(inner.Body, key, value);
    }

    private TemplateNode Fill(Filled filled)
    {
        var parts = new List<(string?, Body?, Node?)>();
        foreach (var part in filled.Parts)
        {
            var inner = part.Value is null ? null : Inner(part.Body);
            parts.Add((part.Text, inner?.Body, inner?.PlanValue(part.Value!)));
        }
        return new TemplateNode([.. parts]);
    }

    private Node Reference(Reference reference)
    {
        var at = 0;
        Node node;
        var mayBePackage = false;
        if (reference.Head is Root { IsInput: false })
            node = Data(reference, out at, out mayBePackage);
        else
            node = Value(reference.Head);
        for (; at < reference.Path.Count; at++)
            node = Key(node, reference.Path[at]);
        return mayBePackage ? new ForceNode(node) : node;
    }

    private Node Key(Node of, Term key)
    {
        if (Readiness.AllowsValue(_bound, key))
            return new LookupNode(of, Value(key));
        var slot = _context.NewSlot();
        var matcher = Matcher(key);
        _steps.Add(new IterateStep(of, matcher, new BindMatcher(slot)));
        return new SlotNode(slot);
    }

    private DataNode Data(Reference reference, out int at, out bool mayBePackage)
    {
        var document = _context.Root;
        at = 0;
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
        _context.Depend(document, [.. reference.Path.Skip(at).Select(key => (key as Constant)?.Value)]);
        var depth = at;
        while (at < reference.Path.Count && reference.Path[at] is Constant)
            at++;
        RegoValue[] path = [.. reference.Path.Take(at).Select(key => ((Constant)key).Value)];
        mayBePackage = !document.HasValue && at == depth;
        return new DataNode(path, document, depth);
    }

    private Matcher Matcher(Term pattern)
    {
        switch (pattern)
        {
            case Local local when _bound.Add(local.Variable):
                return new BindMatcher(local.Variable.Slot);
            case ArrayTerm array when HasFresh(array):
                return new ArrayMatcher([.. array.Items.Select(Matcher)]);
            case ObjectTerm members when HasFresh(members):
                Node[] keys = [.. members.Members.Select(member => Value(member.Key))];
                return new ObjectMatcher(keys, [.. members.Members.Select(member => Matcher(member.Value))]);
            default:
                return new SameMatcher(Value(pattern));
        }
    }

    private bool HasFresh(Term pattern) =>
        pattern switch
        {
            Local local => !_bound.Contains(local.Variable),
            ArrayTerm array => array.Items.Any(HasFresh),
            ObjectTerm members => members.Members.Any(member => HasFresh(member.Value)),
            _ => false,
        };
}

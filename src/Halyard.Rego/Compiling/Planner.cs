namespace Halyard.Rego;

/// <summary>
/// Puts the statements of a body into an order in which each variable has its value before it is needed, and turns them into
/// steps. Which variables have values at each step is known here, so nothing is undone when steps run again.
/// </summary>
/// <remarks>Statements here; terms in the other file of this class.</remarks>
internal sealed partial class Planner
{
    private const int MostStatements = 1024;

    private readonly PlanContext _context;
    private readonly HashSet<Variable> _bound;
    private readonly List<Step> _steps = [];
    private readonly List<Statement> _ordered = [];

    public Planner(PlanContext context, IEnumerable<Variable> bound)
        : this(context, [.. bound]) { }

    private Planner(PlanContext context, HashSet<Variable> bound)
    {
        _context = context;
        _bound = bound;
    }

    public Body Body => new([.. _steps]);

    /// <summary>The statements in the order in which they run.</summary>
    public IReadOnlyList<Statement> Ordered => _ordered;

    /// <summary>Plans statements; those that can never run are problems.</summary>
    public void Plan(IReadOnlyList<Statement> statements)
    {
        if (statements.Count > MostStatements)
        {
            _context.Problems.Add(
                statements[0].Place.Problem("rego_compile_error", $"a body has at most {MostStatements} statements")
            );
            return;
        }
        var waiting = statements.Select(statement => (Statement: statement, Uses: Captures.Of(statement))).ToList();
        HashSet<Variable>? fresh = null;
        while (waiting.Count > 0)
        {
            var (before, known) = (waiting.Count, _bound.ToHashSet());
            // What could not run cannot run now, unless one of its variables has got its value since.
            waiting.RemoveAll(one => (fresh is null || one.Uses.Overlaps(fresh)) && TryEmit(one.Statement));
            if (waiting.Count == before)
            {
                ReportUnsafe(waiting.ConvertAll(one => one.Statement));
                return;
            }
            fresh = [.. _bound];
            fresh.ExceptWith(known);
        }
    }

    private bool TryEmit(Statement statement)
    {
        if (!new Readiness(_bound).Allows(statement))
            return false;
        Emit(statement);
        _ordered.Add(statement);
        return true;
    }

    /// <summary>The node of what a body gives, evaluated after its steps; variables without values are problems.</summary>
    public Node PlanValue(Term term)
    {
        var readiness = new Readiness(_bound);
        if (readiness.Allows(new Holds(term.Place, term)))
            return Value(term);
        Report(readiness.Missing);
        return new ConstantNode(RegoValue.Null);
    }

    private void ReportUnsafe(List<Statement> waiting)
    {
        foreach (var statement in waiting)
        {
            var readiness = new Readiness(_bound);
            readiness.Allows(statement);
            Report(readiness.Missing);
        }
    }

    private void Report(IEnumerable<Local> missing)
    {
        foreach (var local in missing.DistinctBy(local => local.Variable))
            _context.Problems.Add(local.Place.Problem("rego_unsafe_var_error", $"var {local.Variable.Name} is unsafe"));
    }

    private void Emit(Statement statement)
    {
        switch (statement)
        {
            case Holds holds:
                _steps.Add(new TruthTest(Value(holds.Term)));
                break;
            case Unify unify:
                EmitUnify(unify);
                break;
            case Never:
                _steps.Add(new NeverTest());
                break;
            case Not not:
                _steps.Add(new NotTest(Inner([not.Inner]).Body));
                break;
            case SomeIn some:
                EmitSomeIn(some);
                break;
            case ForEach every:
                EmitEvery(every);
                break;
            case Group group:
                Plan(group.Statements);
                break;
            case Under under:
                EmitUnder(under);
                break;
        }
    }

    private Planner Inner(IReadOnlyList<Statement> statements)
    {
        var inner = new Planner(_context, _bound.AsEnumerable());
        inner.Plan(statements);
        return inner;
    }

    private void EmitUnify(Unify unify)
    {
        var (pattern, value) = Readiness.AllowsValue(_bound, unify.Right) ? (unify.Left, unify.Right) : (unify.Right, unify.Left);
        var node = Value(value);
        _steps.Add(
            Matcher(pattern) switch
            {
                BindMatcher bind => new AssignTest(bind.Slot, node),
                SameMatcher same => new SameTest(same.Node, node),
                var matcher => new MatchTest(matcher, node),
            }
        );
    }

    private void EmitSomeIn(SomeIn some)
    {
        var collection = Value(some.Collection);
        var key = some.Key is null ? AnyMatcher.Instance : Matcher(some.Key);
        _steps.Add(new IterateStep(collection, key, Matcher(some.Value)));
    }

    private void EmitEvery(ForEach every)
    {
        var domain = Value(every.Domain);
        var bound = _bound.Append(every.Value);
        var inner = new Planner(_context, every.Key is null ? bound : bound.Append(every.Key));
        inner.Plan(every.Body);
        _steps.Add(new EveryTest(domain, every.Key?.Slot, every.Value.Slot, inner.Body));
    }

    private void EmitUnder(Under under)
    {
        Change[] changes = [.. under.Replacements.Select(ChangeOf)];
        // What the inner statement binds keeps its value outside.
        var inner = new Planner(_context, _bound);
        inner.Plan([under.Inner]);
        _steps.Add(new WithStep(changes, inner.Body));
    }

    private Change ChangeOf(Replacement replacement)
    {
        if (replacement.Target is Invocation target)
        {
            return replacement.Value is Invocation { Arguments.Count: 0 } standsIn && IsFunction(standsIn)
                ? new FunctionChange(target.Target, null, standsIn.Target)
                : new FunctionChange(target.Target, Value(replacement.Value), null);
        }
        var reference = replacement.Target as Reference;
        var root = (reference?.Head ?? replacement.Target) as Root;
        Node[] path = reference is null ? [] : [.. reference.Path.Select(Value)];
        var value = Value(replacement.Value);
        if (root is { IsInput: true })
            return new InputChange(path, value);
        return new DataChange(path, value);
    }

    // A function named without a call stands in for another; a call of a function without arguments is its value.
    private static bool IsFunction(Invocation invocation) => invocation.Arity > 0;
}

namespace Halyard.Rego;

/// <summary>All rules of one document. They are added while a policy is compiled and stay as they are from then on.</summary>
internal abstract class RuleSet
{
    private protected List<CompiledRule> Rules { get; } = [];

    /// <summary>What the rules give when none holds; null without a default.</summary>
    public CompiledRule? Default { get; set; }

    public virtual void Add(CompiledRule rule) => Rules.Add(rule);

    /// <summary>Called once when all rules are there.</summary>
    public virtual void Index() { }

    /// <summary>The value of the document in a world; null when undefined.</summary>
    public abstract RegoValue? Compute(Document document, World world);

    private protected RegoValue? DefaultIn(World world, ReadOnlySpan<RegoValue> arguments) =>
        Default?.Evaluate(world, arguments, "");
}

/// <summary>Rules that give one value: <c>p := x if …</c>.</summary>
internal sealed class CompleteRules : RuleSet
{
    private const string Conflict = "complete rules must not produce multiple outputs";

    private RuleIndex? _index;

    public override void Index() => _index = RuleIndex.Of(Rules);

    public override RegoValue? Compute(Document document, World world)
    {
        RegoValue? value = null;
        foreach (var rule in _index?.Candidates(world, []) ?? Rules)
        {
            // A rule that could only give the same again need not run.
            if (value is not null && value.Equals(rule.Constant))
                continue;
            var found = rule.Evaluate(world, [], Conflict);
            if (value is not null && found is not null && !value.Equals(found))
                throw new RegoAbort("eval_conflict_error", Conflict);
            value ??= found;
        }
        return value ?? DefaultIn(world, []);
    }
}

/// <summary>Rules that are a function: <c>f(x) := y if …</c>.</summary>
internal sealed class FunctionRules(int arity) : RuleSet
{
    private const string Conflict = "functions must not produce multiple outputs for same inputs";

    private RuleIndex? _index;

    public int Arity => arity;

    public override void Index() => _index = RuleIndex.Of(Rules);

    public RegoValue? Call(RegoValue[] arguments, World world)
    {
        Evaluation.EnsureDepth();
        RegoValue? value = null;
        foreach (var rule in _index?.Candidates(world, arguments) ?? Rules)
        {
            world.Run.Meter.Spend();
            if (value is not null && value.Equals(rule.Constant))
                continue;
            var found = rule.Evaluate(world, arguments, Conflict);
            if (value is not null && found is not null && !value.Equals(found))
                throw new RegoAbort("eval_conflict_error", Conflict);
            value ??= found;
        }
        return value ?? DefaultIn(world, arguments);
    }

    public override RegoValue? Compute(Document document, World world) => null;
}

/// <summary>Rules that add to a set: <c>p contains x if …</c>.</summary>
internal sealed class SetRules : RuleSet
{
    public override RegoValue Compute(Document document, World world)
    {
        var found = new List<RegoValue>();
        foreach (var rule in Rules)
            rule.Branches[0].Body.Run(new Frame(rule.Slots, world), 0, new ListSink(rule.Branches[0].Value, found));
        return world.Run.BuiltSet([.. found]);
    }
}

/// <summary>Rules that give parts of an object, under keys known only at run time: <c>p[x] := y if …</c>, <c>p[x] contains y</c>.</summary>
internal sealed class PartialRules : RuleSet
{
    private readonly HashSet<CompiledRule> _adding = [];

    public void AddContains(CompiledRule rule)
    {
        Add(rule);
        _adding.Add(rule);
    }

    public override RegoValue Compute(Document document, World world)
    {
        var parts = new Parts(world.Run);
        foreach (var rule in Rules)
        {
            var frame = new Frame(rule.Slots, world);
            foreach (var branch in rule.Branches)
            {
                var sink = new PartSink(parts, branch, _adding.Contains(rule));
                branch.Body.Run(frame, 0, sink);
                if (sink.HasAccepted)
                    break;
            }
        }
        AddBelow(document, world, parts, []);
        return parts.Build();
    }

    private static void AddBelow(Document document, World world, Parts parts, RegoValue[] path)
    {
        foreach (var (key, child) in document.Children)
        {
            RegoValue[] below = [.. path, key];
            if (!child.HasValue)
                AddBelow(child, world, parts, below);
            else if (world.ValueOf(child) is { } value)
                AddValue(child, value, parts, below);
        }
    }

    // What is itself put together from parts may share its place with parts of these rules.
    private static void AddValue(Document child, RegoValue value, Parts parts, RegoValue[] path)
    {
        if (child.Rules is SetRules && value is RegoSet set)
        {
            foreach (var item in set.AsSpan())
                parts.Add(path, item);
        }
        else if (child.Rules is PartialRules && value is RegoObject members)
        {
            foreach (var (key, member) in members)
                parts.Put([.. path, key], member);
        }
        else
        {
            parts.Put(path, value);
        }
    }

    private sealed class PartSink(Parts parts, CompiledBranch branch, bool isAdding) : Sink
    {
        public bool HasAccepted { get; private set; }

        public override bool Accept(Frame frame)
        {
            if (Several.Evaluate(branch.Tail, frame) is not { } path || branch.Value.Evaluate(frame) is not { } value)
                return false;
            HasAccepted = true;
            if (isAdding)
                parts.Add(path, value);
            else
                parts.Put(path, value);
            return false;
        }
    }
}

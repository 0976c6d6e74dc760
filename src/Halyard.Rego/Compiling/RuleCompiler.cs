namespace Halyard.Rego;

/// <summary>Compiles one rule of a module.</summary>
internal sealed class RuleCompiler(
    Document root,
    Names names,
    bool isStrict,
    HashSet<Document> needs,
    ICollection<TypedBranch> typed,
    List<RegoProblem> problems
)
{
    /// <summary>The rule ready to run; what is wrong with it goes to the problems.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="fixedKeys">How many keys of its path are known: the rest are computed.</param>
    public CompiledRule Compile(Rule rule, int fixedKeys)
    {
        var resolver = new Resolver(names, problems);
        var context = new PlanContext(root, resolver, problems, needs, isStrict);
        var outer = new Scope(null, new HashSet<string>(StringComparer.Ordinal));
        var bound = new List<Variable>();
        var patterns = new List<(Term Pattern, Local Argument)>();
        Matcher[] arguments =
        [
            .. (rule.Arguments ?? []).Select(argument => Argument(argument, resolver, outer, bound, patterns)),
        ];
        CompiledBranch[] branches =
        [
            .. rule.Branches.Select(branch => Compile(branch, rule, fixedKeys, resolver, context, outer, bound, patterns)),
        ];
        return new CompiledRule(resolver.Slots, arguments, branches);
    }

    private static Matcher Argument(
        Term argument,
        Resolver resolver,
        Scope outer,
        List<Variable> bound,
        List<(Term, Local)> patterns
    )
    {
        if (argument is Constant constant)
            return new SameMatcher(new ConstantNode(constant.Value));
        if (argument is Name { IsWildcard: true })
            return AnyMatcher.Instance;
        if (argument is Name name && outer.Find(name.Text) is { } repeated)
            return new SameMatcher(new SlotNode(repeated.Slot));
        var variable = resolver.NewVariable((argument as Name)?.Text ?? "_", outer);
        bound.Add(variable);
        if (argument is Name)
            outer.Add(variable);
        else
            patterns.Add((argument, new Local(argument.Place, variable)));
        return new BindMatcher(variable.Slot);
    }

    private CompiledBranch Compile(
        Branch branch,
        Rule rule,
        int fixedKeys,
        Resolver resolver,
        PlanContext context,
        Scope outer,
        List<Variable> bound,
        List<(Term Pattern, Local Argument)> patterns
    )
    {
        Term[] tail = [.. rule.Path.Skip(fixedKeys)];
        var given = rule.Element ?? branch.Value;
        var scope = new Scope(outer, Mentions.In(branch.Body, [given, .. tail, .. patterns.Select(pattern => pattern.Pattern)]));
        var statements = new List<Statement>();
        foreach (var (pattern, argument) in patterns)
        {
            Resolver.PatternNames(pattern).ForEach(name => resolver.DeclareOnce(name, scope));
            statements.Add(new Unify(pattern.Place, resolver.Resolve(pattern, scope), argument, Declares: false));
        }
        statements.AddRange(resolver.Resolve(branch.Body, scope));
        Term[] keys = [.. tail.Select(key => resolver.Resolve(key, scope))];
        var value = resolver.Resolve(given, scope);
        var planner = new Planner(context, bound);
        planner.Plan(statements);
        typed.Add(new TypedBranch(planner.Ordered, keys, value));
        Node[] tailNodes = [.. keys.Select(planner.PlanValue)];
        var valueNode = planner.PlanValue(value);
        return new CompiledBranch(planner.Body, tailNodes, valueNode);
    }
}

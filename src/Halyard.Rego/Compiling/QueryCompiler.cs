namespace Halyard.Rego;

/// <summary>Compiles a query against a policy.</summary>
internal static class QueryCompiler
{
    public static PreparedQuery Compile(
        RegoPolicy policy,
        IReadOnlyList<Statement> body,
        bool isStrict,
        List<RegoProblem> problems
    )
    {
        var names = new Names(policy.Root, [], [], new HashSet<string>(StringComparer.Ordinal));
        var resolver = new Resolver(names, problems);
        var context = new PlanContext(policy.Root, resolver, problems, [], isStrict);
        var scope = new Scope(null, Mentions.In(body));
        var resolved = resolver.Resolve(body, scope);
        Local? value = null;
        // A query of one term asks for its value, be it false.
        if (resolved is [Holds asked])
        {
            value = new Local(asked.Place, resolver.NewVariable("_", scope));
            resolved = [new Unify(asked.Place, value, asked.Term, Declares: false)];
        }
        var planner = new Planner(context, []);
        planner.Plan(resolved);
        new TypeChecker(policy.Root, problems).Check(planner.Ordered);
        var variables = scope.Variables.Select(variable => (RegoValue.Of(variable.Name), variable.Slot)).ToArray();
        return new PreparedQuery(policy, planner.Body, resolver.Slots, value?.Variable.Slot, variables);
    }
}

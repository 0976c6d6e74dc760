namespace Halyard.Rego;

/// <summary>Compiles modules into one policy: places first, so that every rule can refer to every other, then the rules.</summary>
internal sealed class PolicyCompiler(RegoOptions options)
{
    private readonly List<RegoProblem> _problems = [];
    private readonly Dictionary<Document, HashSet<Document>> _needs = [];
    private readonly List<(Document Document, Rule Rule, int FixedKeys, Module Module)> _rules = [];
    private readonly List<(Document Document, TypedBranch Branch)> _branches = [];
    private readonly Document _root = new(0, null, null);
    private int _documents = 1;

    public RegoCompilation Compile(IReadOnlyList<RegoSource> sources)
    {
        var modules = new List<Module>();
        foreach (var source in sources)
        {
            try
            {
                modules.Add(Parser.ReadModule(source));
            }
            catch (SyntaxError error)
            {
                _problems.Add(error.Problem);
            }
        }
        modules.ForEach(Place);
        _rules.ForEach(placed => Declare(placed.Document, placed.Rule));
        CheckOverlaps();
        if (_problems.Count == 0)
            CompileRules();
        if (_problems.Count == 0)
            CheckRules();
        return _problems.Count == 0
            ? new RegoCompilation(new RegoPolicy(_root, _documents, options), [])
            : new RegoCompilation(null, [.. _problems.Distinct()]);
    }

    private void Place(Module module)
    {
        var package = At(_root, module.Package);
        foreach (var rule in module.Rules)
        {
            var fixedKeys = rule.Path.TakeWhile(key => key is Constant).Count();
            if (rule.Arguments is not null && fixedKeys < rule.Path.Count)
            {
                _problems.Add(rule.Place.Problem("rego_parse_error", "a function's name has no variables"));
                continue;
            }
            if (rule.Path[0] is Constant { Value: RegoString { Value: "input" or "data" } reserved })
                _problems.Add(
                    rule.Place.Problem(
                        "rego_compile_error",
                        $"rules must not shadow {reserved.Value} (use a different rule name)"
                    )
                );
            var document = At(package, [.. rule.Path.Take(fixedKeys).Select(key => ((Constant)key).Value)]);
            _rules.Add((document, rule, fixedKeys, module));
        }
    }

    private Document At(Document from, IEnumerable<RegoValue> path)
    {
        foreach (var key in path)
        {
            if (from.Child(key) is not { } child)
                from.Children.Add(key, child = new Document(_documents++, from, key));
            from = child;
        }
        return from;
    }

    private void Declare(Document document, Rule rule)
    {
        RuleSet wanted =
            rule.Arguments is { } arguments ? new FunctionRules(arguments.Count)
            : rule.Path.Any(key => key is not Constant) ? new PartialRules()
            : rule.Element is not null ? new SetRules()
            : new CompleteRules();
        if (document.Rules is null)
            document.Rules = wanted;
        else if (
            document.Rules.GetType() != wanted.GetType()
            || document.Function is { } function && function.Arity != rule.Arguments!.Count
        )
            _problems.Add(rule.Place.Problem("rego_type_error", $"conflicting rules {document.Path} found"));
    }

    private void CheckOverlaps()
    {
        foreach (var (document, rule, _, _) in _rules)
        {
            if (document.Rules is CompleteRules or SetRules or FunctionRules && document.Children.Count > 0)
            {
                var below = string.Join(' ', document.Children.Values.Select(child => child.Path));
                _problems.Add(rule.Place.Problem("rego_type_error", $"rule {document.Path} conflicts with [{below}]"));
            }
        }
    }

    private void CompileRules()
    {
        var namesByPackage = _rules
            .GroupBy(placed => RegoArray.From(placed.Module.Package))
            .ToDictionary(
                group => group.Key,
                group =>
                    group
                        .Select(placed => ((RegoString)((Constant)placed.Rule.Path[0]).Value).Value)
                        .ToHashSet(StringComparer.Ordinal)
            );
        foreach (var (document, rule, fixedKeys, module) in _rules)
        {
            if (!_needs.TryGetValue(document, out var needs))
                _needs.Add(document, needs = []);
            var names = new Names(_root, module.Package, module.Imports, namesByPackage[RegoArray.From(module.Package)]);
            try
            {
                var typed = new List<TypedBranch>();
                var compiled = new RuleCompiler(_root, names, options.IsStrict, needs, typed, _problems).Compile(rule, fixedKeys);
                _branches.AddRange(typed.Select(branch => (document, branch)));
                Add(document, rule, compiled);
            }
            catch (SyntaxError tooDeep)
            {
                _problems.Add(tooDeep.Problem);
            }
        }
        foreach (var document in _needs.Keys)
            document.Rules!.Index();
    }

    private void CheckRules()
    {
        var places = _rules.ToLookup(placed => placed.Document, placed => placed.Rule.Place);
        var inOrder = Recursion.Check(_needs, places, _problems);
        if (_problems.Count == 0)
            DocumentTypes.Infer(_root, inOrder, _branches.ToLookup(one => one.Document, one => one.Branch), _problems);
    }

    private void Add(Document document, Rule rule, CompiledRule compiled)
    {
        if (rule.IsDefault && document.Rules!.Default is not null)
            _problems.Add(rule.Place.Problem("rego_type_error", $"multiple default rules {document.Path} found"));
        else if (rule.IsDefault)
            document.Rules!.Default = compiled;
        else if (rule.Element is not null && document.Rules is PartialRules partial)
            partial.AddContains(compiled);
        else
            document.Rules!.Add(compiled);
    }
}

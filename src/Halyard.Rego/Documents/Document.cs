namespace Halyard.Rego;

/// <summary>
/// A place below <c>data</c> that packages and rules make: it has rules, or places below it, or (as <c>p</c> of <c>p.a</c> and
/// <c>p[x]</c>) both.
/// </summary>
internal sealed class Document(int id, Document? parent, RegoValue? key)
{
    public int Id => id;

    public Document? Parent => parent;

    public SortedDictionary<RegoValue, Document> Children { get; } = [];

    /// <summary>What gives the value; null for a package.</summary>
    public RuleSet? Rules { get; set; }

    /// <summary>What is known of the value; of a function, of its result.</summary>
    public RegoType Type { get; set; } = RegoType.Any;

    /// <summary>The rules as a function, if they are one.</summary>
    public FunctionRules? Function => Rules as FunctionRules;

    /// <summary>Whether rules give a value here, so that looking further down looks into that value.</summary>
    public bool HasValue => Rules is not null and not FunctionRules;

    public string Path => parent is null ? "data" : $"{parent.Path}.{(key as RegoString)?.Value ?? key!.ToString()}";

    public Document? Child(RegoValue childKey) => Children.GetValueOrDefault(childKey);

    /// <summary>The value that the rules give, and for <c>p[x]</c> also what is below.</summary>
    public RegoValue? Compute(World world) => Rules!.Compute(this, world);
}

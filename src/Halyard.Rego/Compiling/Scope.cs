namespace Halyard.Rego;

/// <summary>
/// The variables of one body. A name that is declared belongs to the body that declares it; any other belongs to the outermost
/// body that mentions it.
/// </summary>
/// <param name="parent">The body around it; null for the outermost.</param>
/// <param name="mentioned">The names that the body itself mentions, not counting the closures in it.</param>
internal sealed class Scope(Scope? parent, IReadOnlySet<string> mentioned)
{
    private readonly Dictionary<string, Variable> _variables = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public IEnumerable<Variable> Variables => _variables.Values;

    public Variable? Find(string name) => _variables.GetValueOrDefault(name) ?? parent?.Find(name);

    /// <summary>Whether a name already stands for something of this very body.</summary>
    public bool Holds(string name) => _variables.ContainsKey(name) || _seen.Contains(name);

    public void See(string name) => _seen.Add(name);

    public void Add(Variable variable) => _variables[variable.Name] = variable;

    /// <summary>The outermost body that mentions the name, or this one.</summary>
    public Scope OwnerOf(string name)
    {
        var owner = this;
        for (var scope = parent; scope is not null; scope = scope.Parent)
        {
            if (scope.Mentions(name))
                owner = scope;
        }
        return owner;
    }

    public bool IsWithin(Scope other) => ReferenceEquals(this, other) || parent?.IsWithin(other) == true;

    private Scope? Parent => parent;

    private bool Mentions(string name) => mentioned.Contains(name);
}

namespace Halyard.Rego;

/// <summary>One file of policy.</summary>
/// <remarks>Package: The path below <c>data</c>.</remarks>
internal sealed record Module(
    string File,
    Place Place,
    IReadOnlyList<RegoValue> Package,
    IReadOnlyList<Import> Imports,
    IReadOnlyList<Rule> Rules
);

/// <summary><c>import data.a.b as c</c>.</summary>
/// <remarks>Path: Begins with <c>data</c> or <c>input</c>.</remarks>
internal sealed record Import(Place Place, IReadOnlyList<RegoValue> Path, string Alias);

/// <summary>A rule as it was written.</summary>
/// <remarks>Path: Its name and what follows: <c>p.q[x]</c> is a constant, a constant and a name. Arguments: Of a function; null for other rules. Element: What a <c>contains</c> rule adds; null for other rules.</remarks>
internal sealed record Rule(
    Place Place,
    IReadOnlyList<Term> Path,
    IReadOnlyList<Term>? Arguments,
    Term? Element,
    IReadOnlyList<Branch> Branches,
    bool IsDefault
);

/// <summary>A body and the value that it gives; the later branches are the <c>else</c> of those before.</summary>
internal sealed record Branch(Place Place, Term Value, IReadOnlyList<Statement> Body);

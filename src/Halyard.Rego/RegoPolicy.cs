namespace Halyard.Rego;

/// <summary>A compiled policy. Immutable; any number of threads may prepare and evaluate queries.</summary>
public sealed class RegoPolicy
{
    private readonly RegoOptions _options;

    internal RegoPolicy(Document root, int documentCount, RegoOptions options)
    {
        Root = root;
        DocumentCount = documentCount;
        _options = options;
    }

    internal Document Root { get; }

    internal int DocumentCount { get; }

    /// <summary>Compiles a query against the policy; any text is safe to give.</summary>
    /// <param name="query">For example <c>data.authz.allow</c>, or <c>data.authz.roles[x]; x != "root"</c>.</param>
    public RegoPreparation Prepare(string query)
    {
        var problems = new List<RegoProblem>();
        try
        {
            var prepared = QueryCompiler.Compile(this, Parser.ReadQuery(query), _options.IsStrict, problems);
            return problems.Count == 0 ? new RegoPreparation(prepared, []) : new RegoPreparation(null, problems);
        }
        catch (SyntaxError error)
        {
            return new RegoPreparation(null, [error.Problem]);
        }
    }
}

/// <summary>What preparing gave: a query or problems.</summary>
/// <param name="Query">The query; null when there are problems.</param>
/// <param name="Problems">Everything found wrong; empty when there is a query.</param>
public sealed record RegoPreparation(PreparedQuery? Query, IReadOnlyList<RegoProblem> Problems);

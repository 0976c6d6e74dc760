namespace Halyard.Rego;

/// <summary>Compiles modules of Rego v1 into a policy.</summary>
public static class RegoCompiler
{
    /// <summary>Reads, checks and compiles modules; any text is safe to give.</summary>
    /// <returns>The policy, or everything that is wrong with the modules.</returns>
    public static RegoCompilation Compile(IReadOnlyList<RegoSource> sources, RegoOptions? options = null) =>
        new PolicyCompiler(options ?? RegoOptions.Default).Compile(sources);
}

/// <summary>How policies are compiled.</summary>
/// <param name="IsStrict">Whether an error of a built-in ends the evaluation; otherwise its expression is undefined.</param>
public sealed record RegoOptions(bool IsStrict)
{
    /// <summary>Errors of built-ins make their expressions undefined, as in OPA.</summary>
    public static RegoOptions Default { get; } = new(IsStrict: false);
}

/// <summary>What compiling gave: a policy or problems.</summary>
/// <param name="Policy">The policy; null when there are problems.</param>
/// <param name="Problems">Everything found wrong; empty when there is a policy.</param>
public sealed record RegoCompilation(RegoPolicy? Policy, IReadOnlyList<RegoProblem> Problems);

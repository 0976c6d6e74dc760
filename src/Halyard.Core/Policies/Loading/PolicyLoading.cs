namespace Halyard.Core.Policies.Loading;

/// <summary>What loading a policy gives.</summary>
/// <param name="Policy">The policy; <see langword="null"/> where there is any problem.</param>
/// <param name="Problems">All that is wrong, in the order of the document.</param>
/// <param name="Notes">What is not wrong but may not be what the author meant, in the order of the rules.</param>
public sealed record PolicyLoading(ApprovalPolicy? Policy, IReadOnlyList<PolicyProblem> Problems, IReadOnlyList<PolicyNote> Notes)
{
    /// <summary>The policy, or all that is wrong.</summary>
    public Result<ApprovalPolicy> ToResult() =>
        Policy is null ? new Error.Invalid([.. Problems.Select(problem => problem.ToField())]) : Policy;
}

/// <summary>Something wrong in a policy's document.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Pointer">JSON Pointer (RFC 6901) into the document; empty for the whole of it.</param>
/// <param name="Message">What is wrong, in words.</param>
public sealed record PolicyProblem(int Line, int Column, string Pointer, string Message)
{
    /// <summary>The same for answers, which have no lines.</summary>
    public FieldProblem ToField() => new(Pointer, $"line {Line}, column {Column}: {Message}");
}

/// <summary>Something about a rule that its author should know.</summary>
public sealed record PolicyNote(string Rule, string Message);

/// <summary>The names that a policy can use beside those of Halyard itself.</summary>
/// <param name="Roles">The roles that there are.</param>
/// <param name="Checks">The ids of the checks that there are.</param>
public sealed record PolicyVocabulary(IReadOnlySet<string> Roles, IReadOnlySet<string> Checks);

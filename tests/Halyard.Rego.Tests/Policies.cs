using System.Text;

namespace Halyard.Rego.Tests;

/// <summary>Short ways to compile and ask.</summary>
internal static class Policies
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A policy of one module; its problems fail the test.</summary>
    public static RegoPolicy Compile(string module)
    {
        var compiled = RegoCompiler.Compile([new RegoSource("test.rego", module)]);
        compiled.Problems.ShouldBeEmpty();
        return compiled.Policy!;
    }

    public static IReadOnlyList<RegoProblem> ProblemsOf(string module) =>
        RegoCompiler.Compile([new RegoSource("test.rego", module)]).Problems;

    public static RegoAnswer Ask(this RegoPolicy policy, string query, string input = "{}", RegoBudget? budget = null)
    {
        var prepared = policy.Prepare(query);
        prepared.Problems.ShouldBeEmpty();
        return prepared.Query!.Evaluate(Json(input), RegoObject.Empty, budget ?? RegoBudget.Default, Now);
    }

    /// <summary>The answer's value as Rego writes it, or what the answer is instead.</summary>
    public static string Value(this RegoPolicy policy, string query, string input = "{}") =>
        policy.Ask(query, input) switch
        {
            RegoAnswer.Defined defined => defined.Value.ToString(),
            RegoAnswer.Failed failed => failed.Code,
            _ => "undefined",
        };

    public static RegoValue Json(string json) => RegoValue.Parse(Encoding.UTF8.GetBytes(json));
}

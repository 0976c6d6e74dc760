using System.Text;

namespace Halyard.Rego.Tests.Builtins;

/// <summary>Calls one built-in as the evaluator does: by its name, with arguments whose kinds are checked.</summary>
internal static class BuiltinCalls
{
    internal static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The result as Rego writes it; <c>undefined</c>, or the error's message.</summary>
    internal static string Call(string name, params RegoValue[] arguments)
    {
        var (result, error) = Run(name, RegoBudget.Default, arguments);
        return result?.ToString() ?? error?.Message ?? "undefined";
    }

    /// <summary>The same with the arguments as a JSON array.</summary>
    internal static string CallJson(string name, string arguments) => Call(name, [.. Json(arguments)]);

    internal static RegoArray Json(string text) => (RegoArray)RegoValue.Parse(Encoding.UTF8.GetBytes(text));

    internal static (RegoValue? Result, BuiltinError? Error) Run(string name, RegoBudget budget, params RegoValue[] arguments)
    {
        var builtin = BuiltinTable.Find(name).ShouldNotBeNull();
        var context = new BuiltinContext(new BudgetMeter(budget, CancellationToken.None), Now, 7);
        context.Begin(name);
        var result = builtin.Call(context, arguments);
        return (result, context.Error);
    }

    /// <summary>Runs a call that must end by its budget.</summary>
    internal static void ShouldExhaust(string name, RegoBudget budget, params RegoValue[] arguments) =>
        Should.Throw<RegoAbort>(() => Run(name, budget, arguments)).Code.ShouldBe("eval_budget_error");
}

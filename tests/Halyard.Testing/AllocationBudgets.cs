using System.Text.Json;

namespace Halyard.Testing;

/// <summary>How much memory each kind of call may allocate: <c>eng/allocation-budgets.json</c>.</summary>
public static class AllocationBudgets
{
    private static readonly Dictionary<string, long> Budgets = JsonSerializer.Deserialize<Dictionary<string, long>>(
        File.ReadAllText(Path.Combine(Suites.RepositoryRoot, "eng", "allocation-budgets.json"))
    )!;

    /// <summary>The bytes that one call of a scenario may allocate on its thread, once everything is warm.</summary>
    /// <exception cref="KeyNotFoundException">The file has no such scenario.</exception>
    public static long Bytes(string scenario) => Budgets[scenario];
}

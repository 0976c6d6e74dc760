using System.Text.Json;
using Halyard.Testing;

namespace Halyard.Evaluation.Tests.Fuzzing;

/// <summary>The Big List of Naughty Strings (minimaxir/big-list-of-naughty-strings), decoded.</summary>
internal static class Nasty
{
    public static IReadOnlyList<string> Strings() =>
        JsonSerializer.Deserialize<string[]>(File.ReadAllBytes(Suites.Require("blns/blns.json")))!;
}

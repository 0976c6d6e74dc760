using System.Text;
using System.Text.Json;
using Halyard.Testing;

namespace Halyard.Ledger.Tests.Patches;

public sealed class SpecPatchTests
{
    [Fact]
    public void Apply_EveryCaseOfTheSpecification_GivesItsAnswer()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Suites.Require("json-patch/spec_tests.json")));
        var cases = document.RootElement.EnumerateArray().Where(c => c.TryGetProperty("patch", out _)).ToList();
        cases.Count.ShouldBeGreaterThanOrEqualTo(15);
        foreach (var test in cases)
        {
            var name = test.GetProperty("comment").GetString();
            var doc = Encoding.UTF8.GetBytes(test.GetProperty("doc").GetRawText());
            var patch = Encoding.UTF8.GetBytes(test.GetProperty("patch").GetRawText());
            if (test.TryGetProperty("error", out _))
                Should.Throw<JsonPatchException>(() => JsonPatch.Apply(doc, patch), name);
            else
                JsonPatch.Apply(doc, patch).ShouldBe(CanonicalJson.Canonicalize(test.GetProperty("expected")), name);
        }
    }
}

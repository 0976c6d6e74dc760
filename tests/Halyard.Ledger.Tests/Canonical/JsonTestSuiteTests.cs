using Halyard.Testing;

namespace Halyard.Ledger.Tests.Canonical;

/// <summary>JSONTestSuite's y_ files are JSON, n_ files are not, i_ files are left to the implementation.</summary>
public sealed class JsonTestSuiteTests
{
    private static readonly Dictionary<string, string> RefusedOnPurpose = new(StringComparer.Ordinal)
    {
        ["y_object_duplicated_key.json"] = "I-JSON (RFC 7493, 2.3) forbids duplicate member names",
        ["y_object_duplicated_key_and_value.json"] = "I-JSON (RFC 7493, 2.3) forbids duplicate member names",
    };

    [Fact]
    public void TryCanonicalize_ValidFile_IsAcceptedAndStable()
    {
        foreach (var (name, bytes) in Cases("y_", atLeast: 90))
        {
            var accepted = CanonicalJson.TryCanonicalize(bytes, out var canonical, out var problem);

            accepted.ShouldBe(!RefusedOnPurpose.ContainsKey(name), $"{name}: {problem}");
            if (accepted)
                CanonicalJson.Canonicalize(canonical).ShouldBe(canonical, name);
        }
    }

    [Fact]
    public void TryCanonicalize_InvalidFile_IsRefusedWithAPlace()
    {
        foreach (var (name, bytes) in Cases("n_", atLeast: 180))
        {
            CanonicalJson.TryCanonicalize(bytes, out var canonical, out var problem).ShouldBeFalse(name);
            canonical.ShouldBeEmpty();
            problem.ShouldNotBeNull().Message.ShouldNotBeNullOrWhiteSpace(name);
            problem.Offset.ShouldBeInRange(0, bytes.Length, name);
        }
    }

    [Fact]
    public void TryCanonicalize_UndecidedFile_IsAnsweredWithoutException()
    {
        foreach (var (name, bytes) in Cases("i_", atLeast: 30))
        {
            if (CanonicalJson.TryCanonicalize(bytes, out var canonical, out var problem))
                CanonicalJson.Canonicalize(canonical).ShouldBe(canonical, name);
            else
                problem.Message.ShouldNotBeNullOrWhiteSpace(name);
        }
    }

    private static List<(string Name, byte[] Bytes)> Cases(string prefix, int atLeast)
    {
        var folder = Suites.Require("jsontestsuite/test_parsing");
        var cases = Directory.GetFiles(folder, prefix + "*").Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))).ToList();
        cases.Count.ShouldBeGreaterThanOrEqualTo(atLeast);
        return cases;
    }
}

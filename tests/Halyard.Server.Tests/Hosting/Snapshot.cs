using Halyard.Testing;

namespace Halyard.Server.Tests.Hosting;

/// <summary>Texts kept under <c>tests/vectors</c>, so that a change of them is seen in review.</summary>
public static class Snapshot
{
    /// <summary>Set to <c>true</c>, the snapshots are written anew instead of compared; the tests fail so that none passes unseen.</summary>
    public const string Refresh = "HALYARD_REFRESH_SNAPSHOTS";

    public static void ShouldMatchSnapshot(this string actual, string name)
    {
        var path = Path.Combine(Suites.RepositoryRoot, "tests", "vectors", name);
        var text = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable(Refresh) == "true")
        {
            File.WriteAllText(path, text);
            Assert.Fail($"{name} was written anew; run without {Refresh}.");
        }
        text.ShouldBe(File.ReadAllText(path), $"set {Refresh}=true to accept the difference");
    }
}

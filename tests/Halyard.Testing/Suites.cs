using Xunit;

namespace Halyard.Testing;

/// <summary>
/// Test cases that others wrote, kept beside the checkout. At home a test without them is skipped with the reason;
/// where <c>CI=true</c> it fails, so that coverage never vanishes unseen.
/// </summary>
public static class Suites
{
    /// <summary>The absolute path of a file or folder in the suites; skips or fails the test where it is absent.</summary>
    /// <param name="relativePath">Path below the suites folder, with forward slashes.</param>
    public static string Require(string relativePath)
    {
        var found = TryFind(relativePath);
        if (found is not null)
            return found;

        var reason = $"the suite '{relativePath}' is not beside this checkout (../shared/suites)";
        if (IsContinuousIntegration)
            Assert.Fail(reason);
        Assert.Skip(reason);
        return string.Empty;
    }

    /// <summary>True where the environment says <c>CI=true</c>.</summary>
    public static bool IsContinuousIntegration =>
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The root of this checkout: the nearest folder above the test binaries that holds <c>Halyard.slnx</c>.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    private static string? TryFind(string relativePath)
    {
        for (var folder = new DirectoryInfo(RepositoryRoot); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "suites", relativePath);
            if (Path.Exists(candidate))
                return candidate;
        }
        return null;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Halyard.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Halyard.slnx is not above the test binaries.");
    }
}

using System.Diagnostics;
using Halyard.Server.Tests.Hosting;
using Halyard.Testing;

namespace Halyard.Server.Tests.Approvals;

/// <summary>The script that the README names, as people run it.</summary>
public sealed class WalkThroughScriptTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    [Fact]
    public async Task Feat123_ByCurl_IsAppliedAfterBothApprovals_AndTheLogHasAllOfIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a shell script");
        var start = new ProcessStartInfo("sh", Path.Combine(Suites.RepositoryRoot, "samples/feat-123/walk-through.sh"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HALYARD"] = server.Address.ToString().TrimEnd('/');
        start.Environment["ADMIN"] = server.Admin;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0, $"{output}\n{await errors}");
        output.ShouldMatch("\"newlyGated\":[1-9]");
        output.ShouldContain("feat-123/production-changes requires it in production");
        output.ShouldContain("The tech lead approved: 1 of 2, pending");
        output.ShouldContain("The product owner approved: 2 of 2, applied");
        output
            .Split('\n')
            .SkipWhile(line => !line.StartsWith("The log has it all", StringComparison.Ordinal))
            .Skip(1)
            .Select(line => line.Trim())
            .Where(line => line.Length > 0)
            .ShouldBe([
                "change_request.applied",
                "flag.updated",
                "change_request.approval_given",
                "change_request.approval_given",
                "change_request.created",
            ]);
    }
}

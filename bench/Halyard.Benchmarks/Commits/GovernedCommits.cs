using Halyard.Benchmarks.Measuring;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Ledger;

namespace Halyard.Benchmarks.Commits;

/// <summary>Each producer switches a flag of its own on and off in a development environment, with a reason and all that HTTP brings.</summary>
internal sealed class GovernedCommits : IDisposable
{
    private const string Environment = "dev";

    private readonly Tenancy _tenancy;
    private readonly bool[] _enabled;
    private long _requests;

    private GovernedCommits(Tenancy tenancy, int producers)
    {
        _tenancy = tenancy;
        _enabled = new bool[producers];
    }

    public static async Task<GovernedCommits> OpenAsync(Tenancy tenancy, int producers)
    {
        var commits = new GovernedCommits(tenancy, producers);
        await commits.ApplyAsync(
            Written.Operation($$"""{"op":"createEnvironment","environment":"{{Environment}}","type":"development"}""")
        );
        for (var producer = 0; producer < producers; producer++)
            await commits.ApplyAsync(
                Written.Operation(
                    $$"""
                    {"op":"createFlag","flag":"{{Key(producer)}}","name":"Redesigned checkout",
                    "description":"The checkout on one page, with wallets first","owner":"payments","tags":["checkout","web"]}
                    """
                )
            );
        return commits;
    }

    public Task ToggleAsync(int producer)
    {
        var enabled = _enabled[producer] = !_enabled[producer];
        return ApplyAsync(new SetEnabled(Key(producer), Environment, enabled));
    }

    public void Dispose() => _tenancy.Dispose();

    private static string Key(int producer) => $"checkout-redesign-{producer}";

    private Task ApplyAsync(Operation operation)
    {
        var number = Interlocked.Increment(ref _requests);
        var change = Change.Edit(Tenancy.Project, [operation], "trying the new checkout with the payments team", "SHOP-4711");
        return _tenancy.ApplyAsync(
            new Submission(
                Tenancy.Admin,
                Tenancy.Request(number),
                change,
                $"key-{number}",
                Digest.Of(BitConverter.GetBytes(number))
            )
        );
    }
}

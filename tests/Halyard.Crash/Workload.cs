using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Crash;

/// <summary>Writes until it is killed: several producers that meet on the same few flags, through the real pipeline.</summary>
internal sealed class Workload(ChangeService changes, Stream output, int seed)
{
    public const string Tenant = "default";
    public const string Project = "web";
    public const string Credential = "tok_1";

    private const int Flags = 12;

    private static readonly Actor Admin = new(Tenant, "s_admin", ActorKind.User, "token", [BuiltInRoles.Admin], Credential);
    private static readonly Actor Client = new(Tenant, "s_client", ActorKind.Client, "token", [BuiltInRoles.Client], "tok_2");

    private readonly Lock _gate = new();

    public static async Task RunAsync(CrashTarget target, int seed, int producers)
    {
        await using var provider = target.AddTo(new ServiceCollection()).BuildServiceProvider();
        var store = provider.GetRequiredService<IStore>();
        var changes = new ChangeService(
            store,
            provider.GetRequiredService<PersonalVault>(),
            RegoAuthorizer.On(store, TimeProvider.System),
            TimeProvider.System,
            Entropy.System,
            new LogOrigins("crash.example.com"),
            new SystemTimeZones()
        );
        await using var output = Console.OpenStandardOutput();
        var workload = new Workload(changes, output, seed);
        await workload.SetUpAsync();
        await Task.WhenAll(Enumerable.Range(0, producers).Select(producer => Task.Run(() => workload.ProduceAsync(producer))));
    }

    // A restart finds all of this there already, and is refused: a refusal is not acknowledged and leaves no entry.
    private async Task SetUpAsync()
    {
        await SubmitAsync(Admin, Change.Edit("", [new CreateProject(Project, "Web", "")], "set up"), null);
        await SubmitAsync(
            Admin,
            Change.Edit(Project, [new CreateEnvironment("dev", "Dev", EnvironmentType.Development, null)], ""),
            null
        );
        var segment = new SegmentDefinition("beta", [], [], []);
        await SubmitAsync(Admin, Change.Edit(Project, [new CreateSegment(segment, "Beta", "")], ""), null);
    }

    private async Task ProduceAsync(int producer)
    {
        var random = new Random((seed * 1_000) + producer);
        for (var i = 0; ; i++)
        {
            var key = random.Next(3) == 0 ? $"{seed}-{producer}-{i}" : null;
            var reason = random.Next(2) == 0 ? "because" : "";
            var actor = random.Next(20) == 0 ? Client : Admin;
            var change = Change.Edit(Project, Operations(random), reason, ticket: random.Next(4) == 0 ? "FEAT-1" : null);
            await SubmitAsync(actor, change, key);
        }
    }

    private static Operation[] Operations(Random random) =>
        random.Next(10) switch
        {
            0 or 1 => [Create(Flag(random))],
            2 => [new DeleteFlag(Flag(random))],
            3 => [new UpdateSegment("beta", null, null, [.. Users(random)], null, null)],
            4 => [new CreateEnvironment($"env{random.Next(2)}", "Env", EnvironmentType.Development, null)],
            5 => [new DeleteEnvironment($"env{random.Next(2)}")],
            6 => [Create(Flag(random)), Toggle(random)],
            7 => [new UpdateFlag(Flag(random), $"Title {random.Next(100)}", null, null, null, null), Toggle(random)],
            _ => [Toggle(random)],
        };

    private static string Flag(Random random) => $"k{random.Next(Flags)}";

    private static SetEnabled Toggle(Random random) => new(Flag(random), "dev", random.Next(2) == 0);

    private static IEnumerable<string> Users(Random random) =>
        Enumerable.Range(0, random.Next(5)).Select(_ => $"user-{random.Next(50)}@example.com").Distinct(StringComparer.Ordinal);

    private static CreateFlag Create(string key) =>
        new(
            key,
            "A flag",
            "",
            FlagType.Boolean,
            FlagKind.Release,
            FlagStatus.Active,
            "team",
            [],
            [new Variant("on", FlagValue.Of(true)), new Variant("off", FlagValue.Of(false))],
            null,
            false,
            null,
            FrozenDictionary<string, InitialConfiguration>.Empty
        );

    private async Task SubmitAsync(Actor actor, Change change, string? key)
    {
        var request = new RequestContext("req_1", null, "192.0.2.1", "crash/1.0", null);
        var fingerprint = Digest.Of(Encoding.UTF8.GetBytes(key ?? string.Empty));
        var result = await changes.SubmitAsync(new Submission(actor, request, change, key, fingerprint), CancellationToken.None);
        if (!result.TryGet(out var outcome, out _))
            return;
        switch (outcome)
        {
            case Outcome.Applied applied:
                Tell(Acknowledgement.Of(applied, key));
                break;
            case Outcome.Denied denied:
                Tell(Acknowledgement.Of(denied.Receipt));
                break;
        }
    }

    /// <summary>One write for each line: what the reader sees whole was acknowledged, and nothing waits in a buffer of ours.</summary>
    private void Tell(Acknowledgement acknowledgement)
    {
        var line = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{acknowledgement.ToLine()}\n"));
        lock (_gate)
            output.Write(line);
    }
}

using Halyard.Core;
using Halyard.Core.Reading;
using Halyard.Server.Jobs;
using Halyard.Server.Retention;
using Halyard.Server.Tests.Publishing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Server.Tests.Retention;

/// <summary>Archiving is started once a day, by one of the servers, for whoever wants it.</summary>
public sealed class RetentionTimerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Timer_StartsOneArchiveADay_HoweverManyServersAsk()
    {
        using var world = await RetentionWorld.StartAsync(10);
        await world.SetAsync(archiveAfterDays: 1);

        await Timer(world).RunAsync(Cancel);
        await Timer(world).RunAsync(Cancel);
        (await world.ToldAsync("job.started")).ShouldHaveSingleItem().GetProperty("kind").GetString().ShouldBe(ArchiveJob.Name);
        world.Log.Time.Now = world.Log.Time.Now.AddDays(1);
        await Timer(world).RunAsync(Cancel);

        (await world.ToldAsync("job.started")).Count.ShouldBe(2);
        (await new JobTable(world.Log.Store).OpenAsync(World.Tenant, Cancel)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Timer_StartsNothing_WhereNothingIsToBeArchived()
    {
        using var world = await RetentionWorld.StartAsync(10);

        await Timer(world).RunAsync(Cancel);
        await world.SetAsync(archiveAfterDays: null);
        await Timer(world).RunAsync(Cancel);

        (await world.ToldAsync("job.started")).ShouldBeEmpty();
    }

    private static RetentionTimer Timer(RetentionWorld world) =>
        new(
            world.Log.Store,
            new ProjectReader(world.Log.Store, world.Log.Vault),
            new TimedJobs(world.Log.Changes, world.Runner(world.Archive, world.Log.Store), world.Log.Time, Entropy.System),
            world.Log.Time,
            NullLogger<RetentionTimer>.Instance
        );
}

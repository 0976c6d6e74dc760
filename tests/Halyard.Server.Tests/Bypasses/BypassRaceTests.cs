using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Bypasses;

/// <summary>The last approval of a bypass comes in the moment in which its time is over.</summary>
public sealed class BypassRaceTests : IAsyncLifetime
{
    private const int Group = 4;

    private readonly EmergencyWorld _world = new();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task RatifyingAndUndoingAtOnce_OneOfThemHappens_AndTheFlagIsAsItSays()
    {
        var flags = Enumerable.Range(0, 3 * Group).Select(index => $"race{index}").ToList();
        var bypasses = new List<string>();
        foreach (var (index, flag) in flags.Index())
        {
            await _world.FlagAsync("shop", flag);
            string[] people = [_world.OnCall, _world.Sre, _world.Commander];
            var begun = await _world.BeginAsync(people[index % people.Length], EmergencyWorld.On(flag), more: ",\"minutes\":30");
            bypasses.Add(begun.Expect(200).GetProperty("bypass").Text("id"));
            (await _world.ActAsync(bypasses[index], "ratify", _world.Lead)).Expect(200);
        }

        // Some are approved in time, some when the server is at undoing them, and some when it is done.
        Answer[] inTime = [.. await Task.WhenAll(bypasses.Take(Group).Select(RatifyAsync))];
        _world.Time.Advance(TimeSpan.FromMinutes(30));
        var undoing = Task.Run(() => _world.ElapseAsync(TimeSpan.Zero), TestContext.Current.CancellationToken);
        var racing = bypasses.Skip(Group).Take(Group).Select(RatifyAsync).ToList();
        await undoing;
        Answer[] atOnce = [.. await Task.WhenAll(racing)];
        foreach (var bypass in bypasses)
            await _world.UntilAsync(bypass, found => found.Text("state") is "ratified" or "reverted");
        Answer[] late = [.. await Task.WhenAll(bypasses.Skip(2 * Group).Select(RatifyAsync))];
        Answer[] answers = [.. inTime, .. atOnce, .. late];

        inTime.ShouldAllBe(answer => answer.Status == 200);
        late.ShouldAllBe(answer => answer.Status == 409);
        foreach (var (index, bypass) in bypasses.Index())
        {
            var isRatified = await _world.StateAsync(bypass) == "ratified";
            answers[index].Status.ShouldBe(isRatified ? 200 : 409, answers[index].Words);
            (await _world.IsOnAsync(flags[index])).ShouldBe(isRatified, flags[index]);
        }
        var reverted = answers.Count(answer => answer.Status == 409);
        (await _world.GetAsync("/api/v1/audit?action=bypass.reverted&limit=50")).Expect(200).Items().Count.ShouldBe(reverted);
        (await _world.GetAsync("/api/v1/audit?action=flag.reverted&limit=50")).Expect(200).Items().Count.ShouldBe(reverted);
        var ratified = atOnce.Count(answer => answer.Status == 200);
        TestContext.Current.TestOutputHelper?.WriteLine($"of {Group} at once {ratified} ratified, {Group - ratified} undone");
    }

    private Task<Answer> RatifyAsync(string bypass) => _world.ActAsync(bypass, "ratify", _world.Owner);
}

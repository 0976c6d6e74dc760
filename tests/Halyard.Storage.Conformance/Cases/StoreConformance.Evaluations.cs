using Halyard.Core.Storage;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Evaluations_OfSeveralFlushes_AddUp()
    {
        await AddEvaluationsAsync("e_1", Count("b", "on", 3, Noon), Count("a", "off", 1, Noon), Count("b", "on", 2, Noon));
        await AddEvaluationsAsync("e_1", Count("b", "on", 5, Noon.AddMinutes(1)), Count("b", "off", 1, Noon.AddMinutes(-9)));
        await AddEvaluationsAsync("e_2", Count("b", "on", 100, Noon));

        (await Store.EvaluationTotalsAsync(Tenant, "e_1", Cancellation)).ShouldBe([
            Count("a", "off", 1, Noon),
            Count("b", "off", 1, Noon.AddMinutes(-9)),
            Count("b", "on", 10, Noon.AddMinutes(1)),
        ]);
    }

    [Fact]
    public async Task Evaluations_ThatComeLate_DoNotMoveTheLastTimeBack()
    {
        await AddEvaluationsAsync("e_1", Count("a", "on", 1, Noon));
        await AddEvaluationsAsync("e_1", Count("a", "on", 1, Noon.AddHours(-3)));
        (await Store.EvaluationTotalsAsync(Tenant, "e_1", Cancellation)).ShouldBe([Count("a", "on", 2, Noon)]);
    }

    [Fact]
    public async Task Evaluations_OfARange_AreThoseOfItsHours()
    {
        await AddEvaluationsAsync("e_1", Count("a", "on", 1, Noon.AddMinutes(-1)), Count("a", "on", 2, Noon));
        await AddEvaluationsAsync("e_1", Count("a", "on", 4, Noon.AddMinutes(59)), Count("a", "on", 8, Noon.AddHours(1)));

        (await Store.EvaluationTotalsAsync(Tenant, "e_1", Noon, Noon.AddHours(1), Cancellation)).ShouldBe([
            Count("a", "on", 6, Noon.AddMinutes(59)),
        ]);
        (await Store.EvaluationTotalsAsync(Tenant, "e_1", Noon, Noon, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task EvaluationHours_OfAFlag_AreInOrderAndWithoutEmptyOnes()
    {
        await AddEvaluationsAsync("e_1", Count("a", "on", 1, Noon.AddHours(5)), Count("a", "on", 2, Noon.AddMinutes(30)));
        await AddEvaluationsAsync("e_1", Count("a", "off", 4, Noon), Count("b", "on", 8, Noon), Count("a", "on", 16, Noon));
        await AddEvaluationsAsync("e_1", Count("a", "on", 32, Noon.AddHours(6)));

        (await Store.EvaluationHoursAsync(Tenant, "e_1", "a", Noon, Noon.AddHours(6), Cancellation)).ShouldBe([
            new HourlyEvaluations(Noon, "off", 4),
            new HourlyEvaluations(Noon, "on", 18),
            new HourlyEvaluations(Noon.AddHours(5), "on", 1),
        ]);
    }

    [Fact]
    public async Task Evaluations_OfAnotherTenant_AreNotSeen()
    {
        await AddEvaluationsAsync("e_1", Count("a", "on", 1, Noon));
        (await Store.EvaluationTotalsAsync("other", "e_1", Cancellation)).ShouldBeEmpty();
        (await Store.EvaluationTotalsAsync("other", "e_1", Noon, Noon.AddDays(1), Cancellation)).ShouldBeEmpty();
        (await Store.EvaluationHoursAsync("other", "e_1", "a", Noon, Noon.AddDays(1), Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Evaluations_LeaveTheLogAsItIs()
    {
        await CommittedAsync(Commit());
        var before = await Store.HeadAsync(Tenant, Cancellation);
        await AddEvaluationsAsync("e_1", Count("a", "on", 1, Noon));
        (await Store.HeadAsync(Tenant, Cancellation))!.Range.Size.ShouldBe(before!.Range.Size);
    }

    [Fact]
    public async Task Evaluations_BeforeTheFirstCommit_MakeNoTenant()
    {
        await AddEvaluationsAsync("e_1", Count("a", "on", 1, Noon));
        (await Store.TenantsAsync(Cancellation)).ShouldNotContain(Tenant);
    }

    private ValueTask AddEvaluationsAsync(string environment, params EvaluationCount[] counts) =>
        Store.AddEvaluationsAsync(Tenant, [new EvaluationDelta(environment, counts)], Cancellation);

    private static EvaluationCount Count(string flag, string variant, long count, DateTimeOffset at) =>
        new(flag, variant, count, at);
}

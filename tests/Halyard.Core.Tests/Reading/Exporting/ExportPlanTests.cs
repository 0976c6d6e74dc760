using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Reading.Exporting;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Reading.Exporting;

/// <summary>A plan that was kept is the plan that was made, filters and all.</summary>
public sealed class ExportPlanTests
{
    private static readonly AuditQuery EveryFilter = new()
    {
        Actions = ["flag.enabled", "log.viewed"],
        Actor = "s_1",
        ActorKind = "service",
        ChangeRequest = "cr_1",
        Environment = "production",
        From = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        Import = "imp",
        Imported = false,
        Incident = "INC \"1\"",
        Project = "web",
        ResourceId = "r_1",
        ResourceKey = "checkout",
        ResourceKind = ResourceKind.Segment,
        Succeeded = true,
        Ticket = "=cmd|' /C calc'!A0",
        To = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    [Fact]
    public void Plan_WithEveryFilter_ComesBackAsItWas()
    {
        var plan = Plan(EveryFilter);

        var read = ExportPlan.FromJson(JsonSerializer.Deserialize<JsonElement>(plan.ToJson()));

        read.Filter.Actions.ShouldBe(EveryFilter.Actions);
        (read with { Filter = read.Filter with { Actions = EveryFilter.Actions } }).ShouldBe(plan);
        CanonicalJson.Canonicalize(plan.ToJson()).ShouldBe(plan.ToJson());
    }

    [Fact]
    public void EveryFilterOfAQuery_IsOneOfAnExport()
    {
        // A filter that is added to queries and not here would export what was filtered out. Text is a search, and refused.
        string[] notFilters =
        [
            nameof(AuditQuery.Before),
            nameof(AuditQuery.Limit),
            nameof(AuditQuery.SearchesReasons),
            nameof(AuditQuery.Since),
            nameof(AuditQuery.Text),
        ];
        var unset = typeof(AuditQuery)
            .GetProperties()
            .Where(property => property.CanWrite && !notFilters.Contains(property.Name))
            .Where(property => Equals(property.GetValue(EveryFilter), property.GetValue(new AuditQuery())))
            .Select(property => property.Name);

        unset.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"bom":false,"filter":{},"format":"csv","from":0,"log":"l","root":"sha256:00","size":1,"to":1}""")]
    public void Plan_OfSomethingElse_IsRefused(string json) =>
        Should.Throw<InvalidDataException>(() => ExportPlan.FromJson(JsonSerializer.Deserialize<JsonElement>(json)));

    private static ExportPlan Plan(AuditQuery filter) =>
        new("flags.test/acme/admin", ExportFormat.Ocsf, 3, 9, 12, Digest.Of("root"u8), false, filter);
}

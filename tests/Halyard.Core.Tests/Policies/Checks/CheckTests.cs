using System.Text;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Checks;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Policies.Checks;

/// <summary>What is not seen is never a pass.</summary>
public sealed class CheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Digest Value = Digest.Of("on"u8);
    private static readonly CheckSubject Subject = new("env_1", 7, Value);

    [Theory]
    [InlineData("load-tests-pass", """{"requests":1000,"p99Milliseconds":499.9,"errorRate":0.0099}""", CheckResult.Pass)]
    [InlineData("load-tests-pass", """{"requests":1000,"p99Milliseconds":500,"errorRate":0}""", CheckResult.Fail)]
    [InlineData("load-tests-pass", """{"requests":1000,"p99Milliseconds":100,"errorRate":0.01}""", CheckResult.Fail)]
    [InlineData("load-tests-pass", """{"requests":0,"p99Milliseconds":100,"errorRate":0}""", CheckResult.Fail)]
    [InlineData("security-scan-pass", """{"critical":0,"high":0}""", CheckResult.Pass)]
    [InlineData("security-scan-pass", """{"critical":0,"high":1}""", CheckResult.Fail)]
    [InlineData("security-scan-pass", """{"critical":0}""", CheckResult.Inconclusive)]
    [InlineData("integration-tests-pass", """{"total":12,"failed":0,"skipped":3}""", CheckResult.Pass)]
    public void Answer_IsJudgedByTheThresholdsOfItsCheck(string check, string answer, CheckResult result) =>
        BuiltInChecks.Judge(check, Encoding.UTF8.GetBytes(answer)).Result.ShouldBe(result);

    [Fact]
    public void Defect070_CheckThatNobodyDeclared_DoesNotPass() =>
        BuiltInChecks
            .Judge("securty-scan-pass", """{"critical":0,"high":0}"""u8.ToArray())
            .Result.ShouldBe(CheckResult.Inconclusive);

    [Fact]
    public void Defect073_RunOfNoTests_DoesNotPass() =>
        BuiltInChecks.Judge("integration-tests-pass", """{"total":0,"failed":0}"""u8.ToArray()).Result.ShouldBe(CheckResult.Fail);

    [Theory]
    [InlineData("""{"requests":9,"p99Milliseconds":null,"errorRate":0}""")]
    [InlineData("""{"requests":9,"errorRate":0}""")]
    [InlineData("""{"requests":9,"p99Milliseconds":"1","errorRate":0}""")]
    [InlineData("""{"requests":9,"p99Milliseconds":1e999,"errorRate":0}""")]
    [InlineData("""{"requests":9,"p99Milliseconds":[1],"errorRate":0}""")]
    [InlineData("""{"requests":9,"p99Milliseconds":1,"p99Milliseconds":1,"errorRate":0}""")]
    [InlineData("""{"requests":9,"p99Milliseconds":NaN,"errorRate":0}""")]
    [InlineData("""{"error":"not found"}""")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("<html>502 Bad Gateway</html>")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[")]
    public void Defect074_MissingOrMalformedNumbers_AreInconclusive(string answer)
    {
        var outcome = BuiltInChecks.Judge("load-tests-pass", Encoding.UTF8.GetBytes(answer));

        outcome.Result.ShouldBe(CheckResult.Inconclusive);
        outcome.Words.ShouldContain("p99Milliseconds is unknown");
    }

    [Theory]
    [InlineData(
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"a"},"value":[1772452800,"0.25"]}]}}""",
        0.25
    )]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1772452800.5,"3"]},"warnings":[]}""", 3.0)]
    public void Prometheus_OneFreshSample_IsMeasured(string answer, double value) =>
        PrometheusAnswer.Read(Encoding.UTF8.GetBytes(answer), Now.AddMinutes(-5)).Value.ShouldBe(value);

    [Theory]
    [InlineData("""{"status":"error","errorType":"timeout","error":"query timed out"}""", "the source says timeout")]
    [InlineData("""{"status":"error","errorType":"<script>","error":"x"}""", "the source says error")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[]}}""", "no data")]
    [InlineData(
        """{"status":"success","data":{"resultType":"vector","result":[{"value":[1772452800,"1"]},{"value":[1772452800,"1"]}]}}""",
        "several"
    )]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"value":[1772452800,"NaN"]}]}}""", "finite")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"value":[1772452800,"+Inf"]}]}}""", "")]
    [InlineData(
        """{"status":"success","data":{"resultType":"vector","result":[{"value":[1772452800,1]}]}}""",
        "not a time and a number"
    )]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"value":[1772452000,"1"]}]}}""", "too old")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"histogram":[]}]}}""", "no value")]
    [InlineData("""{"status":"success","data":{"resultType":"matrix","result":[{"values":[]}]}}""", "no single number")]
    [InlineData(
        """{"status":"success","warnings":["partial"],"data":{"resultType":"scalar","result":[1772452800,"1"]}}""",
        "incomplete"
    )]
    [InlineData(
        """{"status":"success","warnings":"partial","data":{"resultType":"scalar","result":[1772452800,"1"]}}""",
        "incomplete"
    )]
    [InlineData("""{"status":"success"}""", "not one of a query")]
    [InlineData("null", "not one of a query")]
    [InlineData("502", "not one of a query")]
    [InlineData("", "no JSON")]
    public void Prometheus_AnythingElse_IsNoMeasurementAndSaysWhy(string answer, string why)
    {
        var measured = PrometheusAnswer.Read(Encoding.UTF8.GetBytes(answer), Now.AddMinutes(-5));

        measured.Value.ShouldBeNull();
        measured.Why.ShouldNotBeEmpty();
        measured.Why.ShouldContain(why);
    }

    [Fact]
    public void Defect072_EvidenceOfAnotherRevisionEnvironmentOrValue_SaysNothing()
    {
        Evidence.Judge("c", [Seen(Subject)], Subject, Now).Result.ShouldBe(CheckResult.Pass);
        foreach (
            var other in new[]
            {
                Subject with
                {
                    Revision = 6,
                },
                Subject with
                {
                    Environment = "env_2",
                },
                Subject with
                {
                    Value = Digest.Of("off"u8),
                },
            }
        )
            Evidence.Judge("c", [Seen(other)], Subject, Now).Result.ShouldBe(CheckResult.Inconclusive);
        Evidence.Judge("d", [Seen(Subject)], Subject, Now).Result.ShouldBe(CheckResult.Inconclusive);
    }

    [Fact]
    public void Defect068_EvidenceThatExpired_SaysNothing()
    {
        var seen = Seen(Subject) with { ExpiresAt = Now };

        Evidence.Judge("c", [seen], Subject, Now.AddTicks(-1)).Result.ShouldBe(CheckResult.Pass);
        Evidence.Judge("c", [seen], Subject, Now).Words.ShouldContain("too long ago");
    }

    [Fact]
    public void Evidence_OfSeveralRuns_TheNewestCounts_AndOfTwoAtOnceTheWorse()
    {
        var failed = Seen(Subject) with { Outcome = CheckOutcome.Failed("2 high") };
        var later = failed with { ObservedAt = Now };
        Evidence.Judge("c", [Seen(Subject), later], Subject, Now).ShouldBe(CheckOutcome.Failed("'c': 2 high"));
        Evidence.Judge("c", [Seen(Subject), failed], Subject, Now).Result.ShouldBe(CheckResult.Fail);
        var future = Seen(Subject) with { ObservedAt = Now.AddTicks(1) };
        Evidence.Judge("c", [failed, future], Subject, Now).Result.ShouldBe(CheckResult.Fail);
    }

    [Fact]
    public void Defect076_FlagThatWasNeverInForce_HasNotSoaked()
    {
        Soak.Of([], Value, Now).ShouldBeNull();
        Soak.Of([new(Now.AddHours(1), Value)], Value, Now).ShouldBeNull();
        Soak.Of([new(Now.AddYears(-50), null)], Value, Now).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Defect077_SoakTime_CountsTheSameConfigurationWithoutABreak()
    {
        var other = Digest.Of("other"u8);
        Served At(int hours, Digest? value) => new(Now.AddHours(-hours), value);

        Soak.Of([At(30, Value), At(20, Value)], Value, Now).ShouldBe(TimeSpan.FromHours(30));
        Soak.Of([At(30, Value), At(20, other), At(5, Value)], Value, Now).ShouldBe(TimeSpan.FromHours(5));
        Soak.Of([At(30, Value), At(20, null), At(2, Value)], Value, Now).ShouldBe(TimeSpan.FromHours(2));
        Soak.Of([At(30, Value), At(1, other)], Value, Now).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Gate_WithEverythingInOrder_IsOpen_AndAtEachLimitToo() => Blockers(Facts()).ShouldBeEmpty();

    [Fact]
    public void Gate_SaysEverythingThatStandsInTheWay()
    {
        var facts = new GateFacts(TimeSpan.FromMinutes(23 * 60 + 59), Measured.Of(0.02), Measured.Of(0.98), 1);

        Blockers(facts)
            .ShouldBe([
                "it was in force in staging for 23.9 h without a break and must be for 24 h",
                "error rate is 0.02 and must be at most 0.01",
                "success rate is 0.98 and must be at least 0.99",
                "1 of 2 approvals were given",
            ]);
    }

    [Fact]
    public void Defect081_MetricsThatAreMissing_BlockThePromotion()
    {
        Blockers(Facts() with { ErrorRate = Measured.Missing("404") }).ShouldHaveSingleItem().ShouldContain("unknown: 404");
        Blockers(Facts() with { SuccessRate = Measured.Of(double.NaN) }).ShouldHaveSingleItem().ShouldContain("unknown");
        Blockers(Facts() with { ErrorRate = Measured.Of(-1) }).ShouldHaveSingleItem().ShouldContain("between 0 and 1");
        Blockers(Facts() with { Soaked = null }).ShouldHaveSingleItem().ShouldContain("unknown");
    }

    [Fact]
    public void Defect083_RatesThatContradictEachOther_BlockByTheWorseOfThem()
    {
        // Either bound is looked at by itself: one that is good does not stand for the other.
        Blockers(Facts() with { ErrorRate = Measured.Of(0), SuccessRate = Measured.Of(0) }).ShouldHaveSingleItem();
        Blockers(Facts() with { ErrorRate = Measured.Of(1), SuccessRate = Measured.Of(1) }).ShouldHaveSingleItem();
    }

    [Fact]
    public void Defect084_ApprovalsThatAGateWants_AreChecked() =>
        Blockers(Facts() with { Approvals = 1 }).ShouldHaveSingleItem().ShouldBe("1 of 2 approvals were given");

    [Fact]
    public void Defect080_StepLeftOut_IsBlocked_AndASecondGateOfAPairCounts()
    {
        PromotionGate
            .Blockers(PromotionGate.Shipped, EnvironmentType.Development, EnvironmentType.Production, Facts())
            .ShouldBe(["no gate leads from development to production: promote step by step"]);
        var second = PromotionGate.Shipped[1] with { Soak = TimeSpan.FromHours(48) };
        PromotionGate
            .Blockers([.. PromotionGate.Shipped, second], EnvironmentType.Staging, EnvironmentType.Production, Facts())
            .ShouldHaveSingleItem()
            .ShouldContain("48 h");
    }

    [Fact]
    public void Promotion_DownwardsOrAmongEquals_MeetsNoGate()
    {
        var nothing = new GateFacts(null, Measured.Missing("-"), Measured.Missing("-"), 0);
        PromotionGate
            .Blockers(PromotionGate.Shipped, EnvironmentType.Production, EnvironmentType.Staging, nothing)
            .ShouldBeEmpty();
        PromotionGate.Blockers(PromotionGate.Shipped, EnvironmentType.Staging, EnvironmentType.Staging, nothing).ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Blockers(GateFacts facts) =>
        PromotionGate.Blockers(PromotionGate.Shipped, EnvironmentType.Staging, EnvironmentType.Production, facts);

    private static GateFacts Facts() => new(TimeSpan.FromHours(24), Measured.Of(0.01), Measured.Of(0.99), 2);

    private static Evidence Seen(CheckSubject subject) =>
        new("c", subject, "https://ci.example.com", Now.AddHours(-1), Now.AddHours(23), CheckOutcome.Passed);
}

using Halyard.Cli.Importing;
using Halyard.Cli.Importing.GoFeatureFlag;

namespace Halyard.Cli.Tests.Importing.GoFeatureFlag;

public sealed class GoFeatureFlagTests
{
    [Theory]
    [InlineData("""plan eq "PRO" """, """{"plan":"pro"}""", true)]
    [InlineData("""plan == "pro" """, """{"plan":"Pro"}""", true)]
    [InlineData("""plan eq "pro" """, "{}", false)]
    [InlineData("""plan ne "pro" """, """{"plan":"free"}""", true)]
    [InlineData("""plan ne "pro" """, "{}", false)]
    [InlineData("""plan ne "pro" """, """{"plan":5}""", false)]
    [InlineData("""not (plan ne "pro")""", "{}", true)]
    [InlineData("age gt 18", """{"age":19}""", true)]
    [InlineData("age GE 18", """{"age":18}""", true)]
    [InlineData("age lt 18", """{"age":18}""", false)]
    [InlineData("age <= 18", "{}", false)]
    [InlineData("age ne 18", "{}", false)]
    [InlineData("score lt -0.5", """{"score":-1}""", true)]
    [InlineData("""email ew "@ACME.com" """, """{"email":"jane@acme.COM"}""", true)]
    [InlineData("""email sw "jane" """, """{"email":"JANE@acme.com"}""", true)]
    [InlineData("""email co "acme" """, """{"email":"jane@example.com"}""", false)]
    [InlineData("""plan in ["pro", "free"]""", """{"plan":"free"}""", true)]
    [InlineData("""plan in ["pro"]""", """{"plan":"PRO"}""", false)]
    [InlineData("age in [17,18]", """{"age":18}""", true)]
    [InlineData("beta eq true", """{"beta":true}""", true)]
    [InlineData("beta ne true", "{}", false)]
    [InlineData("anonymous eq false", "{}", true)]
    [InlineData("anonymous ne true", "{}", true)]
    [InlineData("anonymous eq true", "{}", false)]
    [InlineData("anonymous ne false", "{}", false)]
    [InlineData("company.plan pr", """{"company":{"plan":0}}""", true)]
    [InlineData("company.plan pr", """{"company":{}}""", false)]
    [InlineData("plan eq null", "{}", true)]
    [InlineData("plan ne null", """{"plan":""}""", true)]
    [InlineData("version ge 1.2.0", """{"version":"1.10.0"}""", true)]
    [InlineData("version ne 1.2.0", """{"version":"x"}""", false)]
    [InlineData("""key eq "user-1" """, """{"targetingKey":"USER-1"}""", true)]
    // Both words bind alike, from left to right.
    [InlineData("""a eq 1 or b eq 1 and c eq 1""", """{"a":1}""", false)]
    [InlineData("""a eq 1 or (b eq 1 and c eq 1)""", """{"a":1}""", true)]
    [InlineData("(a eq 1 and \n   not (b eq 1))", """{"a":1,"b":2}""", true)]
    public void Query_HoldsWhereGoFeatureFlagSaysSo(string query, string context, bool holds)
    {
        var imported = Imported.Read(new GoFeatureFlagReader(), Document(query));
        imported.Gaps.ShouldBeEmpty();
        imported.Evaluate("flag", context).ShouldBe(holds ? "yes" : "no");
    }

    [Theory]
    [InlineData("""plan gt "pro" """, "'gt' with this value has no equivalent")]
    [InlineData("""plan eq "stra\"sse" """, "backslash")]
    [InlineData("""plan eq "straße" """, "'eq' with this value")]
    [InlineData("age co 5", "'co' with this value")]
    [InlineData("beta gt true", "'gt' with this value")]
    [InlineData("plan gt null", "'gt' with this value")]
    [InlineData("""env eq "production" """, "'env' is set by GO Feature Flag")]
    [InlineData("""not plan eq "pro" """, "before a parenthesis only")]
    [InlineData("""(plan eq "pro" """, "not closed")]
    [InlineData("""plan in ["pro" """, "too early")]
    [InlineData("""plan in ["pro", 5]""", "with a list")]
    [InlineData("plan eq", "too early")]
    [InlineData("plan eq 1 plan", "not expected")]
    [InlineData("plan xx 1", "'xx'")]
    [InlineData("5 eq 1", "no attribute")]
    [InlineData("""{"==":[{"var":"plan"},"pro"]}""", "a query that is not read")]
    [InlineData("a eq 1 =", "a query that is not read")]
    public void Query_WithoutAnEquivalent_IsNoted_AndTheFlagLeftOff(string query, string why)
    {
        var imported = Imported.Read(new GoFeatureFlagReader(), Document(query));
        imported.Exact.ShouldBeEmpty();
        var note = imported.Project.Notes.ShouldHaveSingleItem();
        note.Pointer.ShouldBe("/flag/targeting/0/query");

        note.What.ShouldContain(why);
        imported.Project.Flags.Single().Environments["default"].LeftOff.ShouldBe("no");
    }

    [Fact]
    public void Query_OfManyComparisonsJoinedByOneWord_IsOneListOfThem()
    {
        var imported = Imported.Read(
            new GoFeatureFlagReader(),
            Document(string.Join(" or ", Enumerable.Range(0, 100_000).Select(i => $"a eq {i % 500}")))
        );
        imported.Gaps.ShouldBeEmpty();
        imported.Evaluate("flag", """{"a":499}""").ShouldBe("yes");
        imported.Evaluate("flag", """{"a":500}""").ShouldBe("no");
    }

    [Fact]
    public void Query_OfManyComparisonsJoinedByBothWordsInTurn_IsNoted()
    {
        var imported = Imported.Read(
            new GoFeatureFlagReader(),
            Document(string.Concat(Enumerable.Repeat("a eq 1 or b eq 1 and ", 50_000)) + "c eq 1")
        );
        imported.Exact.ShouldBeEmpty();
        imported.Project.Notes.ShouldHaveSingleItem().What.ShouldContain("needs more rules");
    }

    [Theory]
    [InlineData("""{"scheduledRollout":[]}""", "/flag/scheduledRollout")]
    [InlineData("""{"experimentation":{"start":"2026-01-01T00:00:00Z","end":"2026-02-01T00:00:00Z"}}""", "/flag/experimentation")]
    [InlineData("""{"bucketingKey":"team"}""", "/flag/bucketingKey")]
    [InlineData("""{"disable":true}""", "/flag/disable")]
    [InlineData("""{"targeting":[{"progressiveRollout":{}}]}""", "/flag/targeting/0/progressiveRollout")]
    [InlineData("""{"targeting":[{"percentage":{"yes":50,"maybe":50}}]}""", "/flag/targeting/0/percentage/maybe")]
    [InlineData("""{"targeting":[{"percentage":{"yes":0,"no":0}}]}""", "/flag/targeting/0/percentage")]
    [InlineData("""{"targeting":[{"percentage":{"yes":-1,"no":101}}]}""", "/flag/targeting/0/percentage")]
    [InlineData("""{"targeting":[{"percentage":{"yes":0.0001,"no":99}}]}""", "/flag/targeting/0/percentage")]
    [InlineData("""{"targeting":[{"query":"a eq 1"}]}""", "/flag/targeting/0/variation")]
    [InlineData("""{"defaultRule":{"variation":"maybe"}}""", "/flag/defaultRule/variation")]
    [InlineData("""{"defaultRule":null}""", "/flag")]
    [InlineData("""{"targeting":{}}""", "/flag/targeting")]
    public void Construct_WithoutAnEquivalent_IsNoted_AndTheFlagLeftOff(string members, string pointer)
    {
        var document = System.Text.Json.Nodes.JsonNode.Parse(Document(""))!;
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(members)!.AsObject())
            document["flag"]![name] = value?.DeepClone();
        var imported = Imported.Read(new GoFeatureFlagReader(), document.ToJsonString());
        imported.Exact.ShouldBeEmpty();
        imported.Project.Notes.ShouldHaveSingleItem().Pointer.ShouldBe(pointer);
    }

    [Fact]
    public void Percentages_AreWeightsOfAThousandth_InDescendingOrderOfNames()
    {
        var imported = Imported.Read(
            new GoFeatureFlagReader(),
            """
            flag:
              variations: {False: no, True: yes, Other: x}
              defaultRule:
                percentage:
                  False: 30
                  True: 69.5
                  Other: 0.5
            """
        );
        imported.Gaps.ShouldBeEmpty();
        var flag = imported.Project.Flags.Single();
        flag.Definition.Hash.ShouldBe(Evaluation.Definitions.BucketingHash.GoFeatureFlag);
        flag.Environments["default"]
            .Exact!.Fallthrough.Rollout!.Weights.Select(weight => $"{weight.Variant} {weight.Weight}")
            .ShouldBe(["True 69500", "Other 500", "False 30000"]);
    }

    [Fact]
    public void Words_AreNotedAsLosses_AndChangeNothing()
    {
        var imported = Imported.Read(
            new GoFeatureFlagReader(),
            """{"flag":{"variations":{"a":{"x":1}},"defaultRule":{"variation":"a"},"metadata":{"team":"web"},"version":"2","trackEvents":false}}"""
        );
        imported.Exact.ShouldBe(["flag"]);
        imported.Project.Notes.Select(note => note.Loss).ShouldBe(Enumerable.Repeat(Loss.Words, 3));
    }

    private static string Document(string query) =>
        $$"""
            {"flag":{"variations":{"yes":true,"no":false},
              "targeting":[{"name":"rule","query":{{System.Text.Json.JsonSerializer.Serialize(query)}},"variation":"yes"}],
              "defaultRule":{"variation":"no"} } }
            """;
}

using System.Globalization;
using System.Text;
using FsCheck.Fluent;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Loading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Testing;

namespace Halyard.Core.Tests.Policies.Loading;

public sealed class PolicyLoaderTests
{
    private const string Always = "always: true\n" + Policy.Two;

    [Fact]
    public void SeedsPolicy_LoadsAsWritten_AndSaysThatTheKillSwitchRuleExemptsOnlySaferChanges()
    {
        var path = Path.Combine(Suites.RepositoryRoot, "samples/policies/standard-approval-policy.yaml");

        var loading = PolicyLoader.Load(File.ReadAllBytes(path), ShippedPolicies.Vocabulary);

        loading.Problems.ShouldBeEmpty();
        loading
            .Policy!.Rules.Select(rule => rule.Name)
            .ShouldBe(["kill-switch-bypass", "production-changes", "staging-changes", "development-auto-approve"]);
        loading.Notes.Single(note => note.Rule == "kill-switch-bypass").Message.ShouldStartWith("exempts only safer changes");
    }

    [Fact]
    public void ShippedPolicies_LoadWithoutANote()
    {
        foreach (var name in new[] { "development", "staging", "production" })
        {
            var path = Path.Combine(Suites.RepositoryRoot, $"policies/approvals/{name}.yaml");
            var loading = PolicyLoader.Load(File.ReadAllBytes(path), ShippedPolicies.Vocabulary);
            loading.Problems.ShouldBeEmpty();
            loading.Notes.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Problems_AreReportedAllAtOnce_EachWithLineAndColumn()
    {
        var yaml = """
            apiVersion: featureflags/v2
            kind: ApprovalPolicy
            metadata:
              name: p
              owner: me
            spec:
              rules:
                - name: r
                  conditions:
                    - field: enviroment
                      operator: equals
                      value: production
                  approval:
                    required: true
                    minApprover: 2
                    approverRoles: [wizard]
            """;

        Policy
            .TryLoad(yaml)
            .Problems.Select(problem => $"{problem.Line}:{problem.Column} {problem.Pointer}")
            .ShouldBe([
                "1:13 /apiVersion",
                "5:3 /metadata/owner",
                "10:18 /spec/rules/0/conditions/0/field",
                "14:9 /spec/rules/0/approval",
                "15:9 /spec/rules/0/approval/minApprover",
                "16:25 /spec/rules/0/approval/approverRoles/0",
            ]);
    }

    [Fact]
    public void Result_OfABadPolicy_IsTheErrorWithEveryPlace()
    {
        var error = Policy.TryLoad("kind: Other").ToResult().Error.ShouldBeOfType<Error.Invalid>();

        error.Problems.Count.ShouldBe(4);
        error.Problems.ShouldAllBe(problem => problem.Message.StartsWith("line 1, column "));
    }

    [Theory]
    [InlineData("always: true", "'approval', 'deny' or 'checks'")]
    [InlineData(Policy.Two, "has no conditions; write 'always: true'")]
    [InlineData("conditions: []\n" + Policy.Two, "has no conditions")]
    [InlineData("always: true\nconditions: [{ field: direction, operator: equals, value: safer }]\n" + Policy.Two, "empty")]
    [InlineData("always: yes\n" + Policy.Two, "must be true or false")]
    [InlineData("always: true\ndeny: true", "must be text")]
    [InlineData("always: true\ndeny: not at all\n" + Policy.Two, "not possible beside 'deny'")]
    [InlineData("always: true\ndeny: not at all\nchecks: [load-tests-pass]", "not possible for a rule that denies")]
    [InlineData("always: true\nchecks: [securty-scan-pass]\n" + Policy.Two, "there is no check 'securty-scan-pass'")]
    [InlineData("always: true\nchecks: []\n" + Policy.Two, "at least one check")]
    [InlineData("always: true\nexpiresAfterHours: 0\n" + Policy.Two, "whole number of 1 to")]
    [InlineData("always: true\nvotes: melted\n" + Policy.Two, "'melted' is not known")]
    [InlineData("always: true\napproval: { required: false, minApprovers: 1 }", "where no approval is required")]
    [InlineData("always: true\nvotes: frozen\n" + Policy.None, "a rule that requires no approval")]
    [InlineData("always: true\napproval: { minApprovers: 1, approverRoles: [sre] }", "'required' is missing")]
    [InlineData("conditions: [{ field: direction, operator: equals, value: riskier }]\n" + Policy.None, "limits the rule")]
    [InlineData("name: again\n" + Always, "stands here more than once")]
    [InlineData("priority: 1\n" + Always, "'priority' is not known")]
    public void Rule_ThatIsWrong_IsRefusedInWords(string rule, string words) =>
        Policy
            .TryLoad(Policy.Yaml("strictest", rule))
            .Problems.Select(problem => problem.Message)
            .ShouldContain(message => message.Contains(words));

    [Theory]
    [InlineData("environment", "Equals", "production", "'Equals' is not known")]
    [InlineData("environment", "greaterThan", "production", "'greaterThan' is not known")]
    [InlineData("environment", "equals", "50", "must be text")]
    [InlineData("environment", "equals", "no", "must be text")]
    [InlineData("environment", "equals", "2026-01-01", "must be text")]
    [InlineData("environment", "equals", "''", "must not be empty")]
    [InlineData("environment", "in", "production", "must be a list")]
    [InlineData("environment", "in", "[]", "at least one value")]
    [InlineData("environment", "regex", "'('", "no regular expression")]
    [InlineData("environment", "regex", @"'(a)\1'", "no regular expression")]
    [InlineData("environment", "regex", "'a)|(b'", "no regular expression")]
    [InlineData("environment", "regex", "'((a{999}){999}){999}'", "counted repetition")]
    [InlineData("environment.type", "equals", "prod", "'prod' is not known")]
    [InlineData("environment.type", "regex", "prod.*", "'regex' is not known")]
    [InlineData("environment.riskLevel", "greaterThan", "critical", "nothing is greater than critical")]
    [InlineData("environment.estimatedUsers", "greaterThan", "-1", "must be a number of 0")]
    [InlineData("audience.delta", "greaterThan", "101", "must be a number of 0 to 100")]
    [InlineData("audience.delta", "greaterThan", "'5'", "without quotes")]
    [InlineData("audience.delta", "greaterThan", ".nan", "must be a number")]
    [InlineData("operations", "contains", "setEnable", "'setEnable' is not known")]
    [InlineData("flag.tags", "equals", "critical", "'equals' is not known")]
    [InlineData("flag.tags.length", "equals", "1", "'flag.tags.length' is not known")]
    [InlineData("__proto__", "equals", "x", "'__proto__' is not known")]
    public void Condition_ThatIsWrong_IsRefusedInWords(string field, string operation, string value, string words) =>
        Policy
            .TryLoad(Policy.Yaml("strictest", Policy.When(field, operation, value) + "\n" + Policy.Two))
            .Problems.ShouldHaveSingleItem()
            .Message.ShouldContain(words);

    [Theory]
    [InlineData("requiredApprovers: 0", "whole number of 1 to")]
    [InlineData("requiredApprovers: 1.5", "whole number of 1 to")]
    [InlineData("approverRoles: []", "at least one role")]
    [InlineData("approverRoles: ['group:']", "there is no role 'group:'")]
    [InlineData("approverRoles: [sre, sre]", "'sre' stands here more than once")]
    [InlineData("timeoutHours: 0", "whole number of 1 to")]
    [InlineData("timeoutHours: 600000", "whole number of 1 to")]
    [InlineData("timeoutHours: .inf", "whole number of 1 to")]
    [InlineData("onTimeout: approve", "'approve' is not known")]
    [InlineData("onTimeout: escalate", "'escalateTo' is missing")]
    [InlineData("escalateTo: [sre]", "possible only with 'onTimeout: escalate'")]
    [InlineData("onTimeout: auto-approve", "silence approves nothing else")]
    public void Stage_ThatIsWrong_IsRefusedInWords(string member, string words)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = "name: s",
            ["order"] = "order: 1",
            ["requiredApprovers"] = "requiredApprovers: 1",
            ["approverRoles"] = "approverRoles: [sre]",
            ["timeoutHours"] = "timeoutHours: 24",
            ["onTimeout"] = "onTimeout: reject",
            [member.Split(':')[0]] = member,
        };
        var rule = $$"""
            always: true
            approval: { required: true, stages: [{ {{string.Join(", ", members.Values)}} }] }
            """;

        Policy.TryLoad(Policy.Yaml("strictest", rule)).Problems.ShouldHaveSingleItem().Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x", "anchors are not read")]
    [InlineData("a: &x 1\nb: *x", "aliases are not read")]
    [InlineData("a: !!str 1", "tags are not read")]
    [InlineData("<<: { a: 1 }", "merge keys are not read")]
    [InlineData("kind: a\nkind: b", "'kind' stands here more than once")]
    [InlineData("? [a]\n: b", "only text can be a key")]
    [InlineData("a: 1\n---\nb: 2", "only one document is read")]
    [InlineData("a: [", "is not YAML")]
    [InlineData("a: [[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]", "nested more than")]
    [InlineData("", "is empty")]
    [InlineData("[]", "must be a map")]
    public void Document_ThatHidesOrRepeatsParts_IsRefused(string yaml, string words)
    {
        var problems = Policy.TryLoad(yaml).Problems;

        problems.ShouldContain(problem => problem.Message.Contains(words));
        problems.ShouldAllBe(problem => problem.Line >= 1 && problem.Column >= 1);
    }

    [Fact]
    public void Document_TooLargeOrNotUtf8_IsRefusedWithoutReadingIt()
    {
        PolicyLoader
            .Load(new byte[YamlTree.MaxBytes + 1], ShippedPolicies.Vocabulary)
            .Problems.ShouldHaveSingleItem()
            .Message.ShouldContain("at most");
        PolicyLoader
            .Load([0xC3, 0x28], ShippedPolicies.Vocabulary)
            .Problems.ShouldHaveSingleItem()
            .Message.ShouldContain("UTF-8");
    }

    [Fact]
    public void Document_OfNothingButMistakes_IsReportedUpToALimit()
    {
        var yaml = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
            yaml.Append(CultureInfo.InvariantCulture, $"k{i}: 1\n");

        Policy.TryLoad(yaml.ToString()).Problems.Count.ShouldBe(PolicyLoader.MaxProblems);
    }

    [Fact]
    public void AutoApprove_WhereARuleIsLimitedToDevelopment_Loads()
    {
        var policy = Policy.Of(
            $$"""
            {{Policy.When("environment.type", "equals", "development")}}
            approval:
              required: true
              stages:
                - { name: s, order: 1, requiredApprovers: 1, approverRoles: [sre], timeoutHours: 1, onTimeout: auto-approve }
            """
        );

        policy.Rules[0].Effect.ShouldBeOfType<RuleEffect.Require>().Stages[0].OnTimeout.ShouldBe(TimeoutAction.AutoApprove);
    }

    [Fact]
    public void StagesOfOneNameOrOrder_AreRefused()
    {
        const string stage =
            "{ name: s, order: 1, requiredApprovers: 1, approverRoles: [sre], timeoutHours: 1, onTimeout: reject }";

        Policy
            .TryLoad(Policy.Yaml("strictest", $"always: true\napproval: {{ required: true, stages: [{stage}, {stage}] }}"))
            .Problems.Select(problem => problem.Message)
            .ShouldBe(["'s' is the name of another stage too", "1 is the order of another stage too"]);
    }

    [Fact]
    public void DamagedDocument_IsRefusedOrLoads_AndNeverThrows()
    {
        var sample = File.ReadAllText(Path.Combine(Suites.RepositoryRoot, "policies/approvals/production.yaml"));
        var damage =
            from place in Gen.Choose(0, sample.Length - 1)
            from length in Gen.Choose(0, 3)
            from text in Gen.Elements(
                "",
                ":",
                "- ",
                "\n",
                "\t",
                "&a ",
                "*a",
                "!x ",
                "{",
                "}",
                "[",
                "'",
                "\"",
                "|",
                "%",
                "\0",
                "\ud800",
                "?",
                "---"
            )
            select (place, length, text);

        Property.Holds(
            damage.ListOf().Select(edits => edits.Take(4)),
            edits =>
            {
                var yaml = edits.Aggregate(
                    sample,
                    (whole, edit) =>
                        edit.place + edit.length < whole.Length
                            ? whole.Remove(edit.place, edit.length).Insert(edit.place, edit.text)
                            : whole
                );
                var loading = Policy.TryLoad(yaml);
                (loading.Policy is null).ShouldBe(loading.Problems.Count > 0);
            },
            tests: 3_000
        );
    }
}

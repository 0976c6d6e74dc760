using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Access;

/// <summary>Who may do what changes through the pipeline, is told in words, and counts from the next decision on.</summary>
public sealed class RoleChangeTests
{
    private const string Grants = """[{"effect":"allow","actions":["flag.*"],"resource":{"environmentTypes":["development"]}}]""";

    private static readonly Actor Ann = new(Pipeline.Tenant, "s_ann", ActorKind.User, "oidc", [], null) { Groups = ["web-team"] };

    [Fact]
    public async Task Life_OfARole_IsInTheLogInWords()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));

        await ApplyAsync(pipeline, Role("own", Grants));
        (await LastAsync(pipeline)).ShouldBe(
            "role.created | role 'own' created: allows flag.* in environments of type development"
        );
        await ApplyAsync(pipeline, new UpdateRole("own", null, null, Read("""[{"effect":"allow","actions":["flag.read"]}]""")));
        (await LastAsync(pipeline)).ShouldBe(
            "role.updated | role 'own': no longer allows flag.* in environments of type development; now allows flag.read"
        );
        await ApplyAsync(pipeline, new UpdateRole("own", "Own", null, null));
        (await LastAsync(pipeline)).ShouldBe("role.updated | what describes role 'own' changed");
        await pipeline.OutcomeAsync<Outcome.Unchanged>(Submission(new UpdateRole("own", "Own", null, null)));
        await ApplyAsync(pipeline, new DeleteRole("own"));
        (await LastAsync(pipeline)).ShouldBe("role.deleted | role 'own' deleted");
        (await pipeline.FoldAsync()).Disagreement.ShouldBeNull();
    }

    [Fact]
    public async Task Assignment_IsToldWithItsHolderScopeAndEnd()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        var until = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var scope = ResourcePattern.Everything with { Projects = ["web"] };

        await ApplyAsync(pipeline, new CreateAssignment("a_1", null, "web-team", "developer", scope, null, until));
        (await LastAsync(pipeline)).ShouldBe(
            "access.granted | role 'developer' granted to group 'web-team' for project 'web' until 2027-01-01T00:00:00Z"
        );
        await ApplyAsync(pipeline, new DeleteAssignment("a_1"));
        (await LastAsync(pipeline)).ShouldBe("access.revoked | role 'developer' taken from group 'web-team' for project 'web'");
        (await pipeline.FoldAsync()).Disagreement.ShouldBeNull();
    }

    [Fact]
    public async Task Grant_CountsFromTheNextChangeOn_AndItsRevocationToo()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));
        var on = Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "dev")), Ann);
        var off = Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "dev", enabled: false)), Ann);
        await pipeline.OutcomeAsync<Outcome.Denied>(on);

        await ApplyAsync(pipeline, Assign("a_1", "developer", group: "web-team"));
        await pipeline.OutcomeAsync<Outcome.Applied>(on);
        (
            await pipeline.OutcomeAsync<Outcome.Denied>(Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "prod")), Ann))
        ).Reason.ShouldBe("no role of the actor allows flag.enabled on flag 'f' in environment 'prod' of project 'web'");
        await ApplyAsync(pipeline, new DeleteAssignment("a_1"));
        await pipeline.OutcomeAsync<Outcome.Denied>(off);
    }

    [Fact]
    public async Task Role_OfDevelopmentAlone_DeletesNoFlag_NotEvenOneThatProductionNeverConfigured()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));
        await ApplyAsync(pipeline, Role("own", Grants));
        await ApplyAsync(pipeline, Assign("a_1", "own", group: "web-team"));
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "dev")), Ann));

        (
            await pipeline.OutcomeAsync<Outcome.Denied>(
                Pipeline.Submission(Ops.ReadAll("""{"op":"deleteFlag","flag":"f"}"""), Ann)
            )
        ).Reason.ShouldBe("no role of the actor allows flag.deleted on flag 'f' in environment 'prod' of project 'web'");
    }

    [Fact]
    public async Task DryRun_NamesNoFlagThatTheAskerMayNotRead()
    {
        var pipeline = await Pipeline.StartAsync(
            new InMemoryStore(),
            Ops.CreateFlag("gate"),
            Ops.CreateFlag("open"),
            Ops.CreateFlag("secret"),
            """{"op":"updateFlag","flag":"secret","tags":["secret"]}""",
            Ops.Needs("open", "gate"),
            Ops.Needs("secret", "gate"),
            """{"op":"createSegment","segment":"beta","includes":["u"]}""",
            Ops.AddRule("open", "r", Ops.InSegment("beta")),
            Ops.AddRule("secret", "r", Ops.InSegment("beta"))
        );
        const string grants =
            """[{"effect":"allow","actions":["flag.*","segment.*"]},{"effect":"deny","actions":["flag.*"],"resource":{"tags":["secret"]}}]""";
        await ApplyAsync(pipeline, Role("no-secrets", grants));
        await ApplyAsync(pipeline, Assign("a_1", "no-secrets", group: "web-team"));

        (await NamedAsync(Ops.Enable("gate"), Ann)).ShouldBe(["gate", "open"]);
        (await NamedAsync(Ops.Enable("gate"), Pipeline.Admin)).ShouldBe(["gate", "open", "secret"]);
        const string edit = """{"op":"updateSegment","segment":"beta","includes":["u","v"]}""";
        (await NamedAsync(edit, Ann)).ShouldBe(["open"]);
        (await NamedAsync(edit, Pipeline.Admin)).ShouldBe(["open", "secret"]);

        async Task<IReadOnlyList<string>> NamedAsync(string operation, Actor actor)
        {
            var look = Pipeline.Submission(Ops.ReadAll(operation), actor) with { DryRun = true };
            return (await pipeline.OutcomeAsync<Outcome.Preview>(look)).Impact.Flags;
        }
    }

    [Fact]
    public async Task Decision_NamesThePolicyAndTheStateOfRolesInTheLog()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));
        await ApplyAsync(pipeline, Assign("a_1", "developer", group: "web-team"));
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "dev")), Ann));

        (await pipeline.LastLeafAsync())["decision"]!["policy"]!.ToString().ShouldMatch("^halyard@[0-9a-f]{12} access@1$");
    }

    [Fact]
    public async Task Decision_OnRolesThatPassedElsewhere_DoesNotTakeEffect()
    {
        var store = new InMemoryStore();
        var here = await Pipeline.StartAsync(store, Ops.CreateFlag("f"));
        var there = new Pipeline(store);
        await ApplyAsync(here, Assign("a_1", "developer", group: "web-team"));
        var on = Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "dev")), Ann);
        var off = Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "dev", enabled: false)), Ann);
        await there.OutcomeAsync<Outcome.Applied>(on);

        // The other server knows the assignment that is taken away here.
        await ApplyAsync(here, new DeleteAssignment("a_1"));
        await there.OutcomeAsync<Outcome.Denied>(off);

        (await here.FlagAsync("f"))!.Environments.Values.ShouldAllBe(configuration => configuration.Settings.Enabled);
    }

    [Fact]
    public async Task Denial_OnRolesThatPassedElsewhere_IsDecidedAgain()
    {
        var store = new InMemoryStore();
        var here = await Pipeline.StartAsync(store, Ops.CreateFlag("f"));
        var there = new Pipeline(store);
        var on = Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "dev")), Ann);
        await there.OutcomeAsync<Outcome.Denied>(on);

        await ApplyAsync(here, Assign("a_1", "developer", group: "web-team"));

        await there.OutcomeAsync<Outcome.Applied>(on);
    }

    [Fact]
    public async Task Guess_AboutAFlagThatOneMayNotSee_IsDeniedWhetherItIsRightOrWrong()
    {
        var pipeline = await Pipeline.StartAsync(
            new InMemoryStore(),
            Ops.CreateFlag("f"),
            """{"op":"updateFlag","flag":"f","name":"right","tags":["secret"]}"""
        );
        await ApplyAsync(
            pipeline,
            Role(
                "own",
                """[{"effect":"allow","actions":["flag.*","segment.*"]},{"effect":"deny","actions":["flag.*"],"resource":{"tags":["secret"]}}]"""
            )
        );
        await ApplyAsync(pipeline, Assign("a_1", "own", subject: "s_ann"));

        string[] guesses =
        [
            """{"op":"updateFlag","flag":"f","name":"right"}""",
            """{"op":"updateFlag","flag":"f","name":"wrong"}""",
            Ops.Enable("f", "dev", enabled: false),
        ];
        foreach (var guess in guesses)
            await pipeline.OutcomeAsync<Outcome.Denied>(Pipeline.Submission(Ops.ReadAll(guess), Ann));
        var stale = Pipeline.Submission(Ops.ReadAll(guesses[0]), Ann) with { IfMatch = 1 };
        await pipeline.OutcomeAsync<Outcome.Denied>(stale);
        await pipeline.AppliedAsync("""{"op":"updateFlag","flag":"f","tags":[]}""");
        await pipeline.OutcomeAsync<Outcome.Unchanged>(Pipeline.Submission(Ops.ReadAll(guesses[0]), Ann));
    }

    [Fact]
    public async Task Tag_ThatForbids_CannotBeTakenAwayByWhomItForbids()
    {
        var pipeline = await Pipeline.StartAsync(
            new InMemoryStore(),
            Ops.CreateFlag("f"),
            """{"op":"updateFlag","flag":"f","tags":["critical"]}"""
        );
        await ApplyAsync(
            pipeline,
            Role(
                "own",
                """[{"effect":"allow","actions":["flag.*","segment.*"]},{"effect":"deny","actions":["flag.*"],"resource":{"tags":["critical"]}}]"""
            )
        );
        await ApplyAsync(pipeline, Assign("a_1", "own", subject: "s_ann"));

        foreach (var tags in new[] { "[]", """["critical","x"]""" })
            await pipeline.OutcomeAsync<Outcome.Denied>(
                Pipeline.Submission([Ops.Read($$"""{"op":"updateFlag","flag":"f","tags":{{tags}}}""")], Ann)
            );
        await pipeline.AppliedAsync("""{"op":"updateFlag","flag":"f","tags":[]}""");
        await pipeline.OutcomeAsync<Outcome.Denied>(
            Pipeline.Submission([Ops.Read("""{"op":"updateFlag","flag":"f","tags":["critical"]}""")], Ann)
        );
    }

    [Fact]
    public async Task Environment_DeclaredHarmlessInTheSameChange_IsStillProduction()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));
        await ApplyAsync(
            pipeline,
            Role(
                "own",
                """[{"effect":"allow","actions":["flag.*","environment.*"],"resource":{"environmentTypes":["none","development"]}}]"""
            )
        );
        await ApplyAsync(pipeline, Assign("a_1", "own", subject: "s_ann"));

        await pipeline.OutcomeAsync<Outcome.Denied>(
            Pipeline.Submission(
                Ops.ReadAll("""{"op":"updateEnvironment","environment":"prod","type":"development"}""", Ops.Enable("f", "prod")),
                Ann
            )
        );
    }

    [Fact]
    public async Task SegmentEdit_ReachesProductionThroughTheFlagsThatUseIt()
    {
        var pipeline = await Pipeline.StartAsync(
            new InMemoryStore(),
            Ops.CreateFlag("f"),
            """{"op":"createSegment","segment":"beta","includes":["u"]}"""
        );
        await ApplyAsync(pipeline, Assign("a_1", "developer", subject: "s_ann"));
        const string edit = """{"op":"updateSegment","segment":"beta","includes":["u","v"]}""";
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission([Ops.Read(edit)], Ann));

        await pipeline.AppliedAsync(
            """{"op":"addRule","flag":"f","environment":"prod","rule":{"id":"r","name":"","enabled":true,"conditions":[{"operator":"segment","values":["beta"]}],"serve":{"variant":"on"}}}"""
        );
        await pipeline.OutcomeAsync<Outcome.Denied>(
            Pipeline.Submission([Ops.Read(edit.Replace("\"v\"", "\"w\"", StringComparison.Ordinal))], Ann)
        );
    }

    [Theory]
    [InlineData("ADMIN")]
    [InlineData("admin")]
    [InlineData("Viewer")]
    public async Task Role_NamedLikeABuiltInOne_IsRefused(string key)
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());

        (await InvalidAsync(pipeline, Role(key, Grants))).ShouldBe(["/operations/0/key"]);
    }

    [Fact]
    public async Task Assignment_ThatIsWrongInEveryWay_IsToldEverything()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        var now = pipeline.Time.GetUtcNow();

        (
            await InvalidAsync(
                pipeline,
                new CreateAssignment("a_1", "ann@example.com", "g", "none", ResourcePattern.Everything, now, now)
            )
        ).ShouldBe(["/operations/0", "/operations/0/subject", "/operations/0/role", "/operations/0/notAfter"]);
    }

    [Fact]
    public async Task Role_ThatSomebodyHas_IsNotDeleted()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        await ApplyAsync(pipeline, Role("own", Grants));
        await ApplyAsync(pipeline, Assign("a_1", "own", subject: "s_ann"));

        (await InvalidAsync(pipeline, new DeleteRole("own"))).ShouldBe(["/operations/0"]);
    }

    [Theory]
    [InlineData("""[{"effect":"allow","actions":["flag.fly"]}]""", "/grants/0/actions/0")]
    [InlineData("""[{"effect":"allow","actions":["fly.*","flag*"]}]""", "/grants/0/actions/0", "/grants/0/actions/1")]
    [InlineData("""[{"effect":"allow","actions":["change.submit"]}]""", "/grants/0/actions/0")]
    [InlineData("""[{"effect":"maybe","actions":[]}]""", "/grants/0/effect", "/grants/0/actions")]
    [InlineData("""[{"effect":"allow","actions":["*"],"resource":{"planets":["x"]}}]""", "/grants/0/resource/planets")]
    [InlineData(
        """[{"effect":"allow","actions":["*"],"resource":{"environmentTypes":["test"]}}]""",
        "/grants/0/resource/environmentTypes/0"
    )]
    [InlineData("""[{"effect":"allow","actions":["*"],"resource":{"kinds":["planet"]}}]""", "/grants/0/resource/kinds/0")]
    [InlineData("""[{"effect":"allow","actions":["*"],"when":{"weather":"fine"}}]""", "/grants/0/when/weather")]
    [InlineData("""[{"effect":"allow","actions":["*"],"when":{"ticket":false}}]""", "/grants/0/when/ticket")]
    [InlineData("""[{"effect":"deny","actions":["*"],"when":{"acr":["mfa"]}}]""", "/grants/0/when")]
    [InlineData("[]", "/grants")]
    public void Grants_ThatAreWrong_AreRefusedWithEveryPlace(string grants, params string[] pointers)
    {
        var problems = new List<DefinitionProblem>();
        using var parsed = JsonDocument.Parse($$"""{"grants":{{grants}}}""");

        RoleJson.ReadGrants(JsonCursor.Root(parsed.RootElement, problems));

        problems.Select(problem => problem.Pointer).ShouldBe(pointers);
    }

    [Fact]
    public void RoleAndAssignment_ReadBackAsTheyWereWritten()
    {
        const string grants =
            """[{"effect":"allow","actions":["*"],"resource":{"projects":["p"],"environments":["e"],"environmentTypes":["none"],"tags":["t"],"kinds":["flag"]},"when":{"ticket":true,"incident":true,"actorKinds":["user"],"acr":["mfa"],"maxAgeSeconds":60}}]""";
        var role = new Role("r_1", "own", "Own", "words", Read(grants));
        var when = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var assignment = new Assignment("a_1", "s_1", null, "own", role.Grants[0].Resource, when, when.AddDays(1));

        ResourceDocuments.Read(role.Name, role.ToDocument()).ShouldBe(role);
        ResourceDocuments.Read(assignment.Name, assignment.ToDocument()).ShouldBe(assignment);
        Should.Throw<InvalidDataException>(() => ResourceDocuments.Read(role.Name, """{"id":"r_1"}"""u8.ToArray()));
    }

    [Fact]
    public async Task LastAdministrator_CannotBeTakenAway()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        var token = new CreateToken("t_1", "first", [BuiltInRoles.Admin], "s_first", Digest.Of("x"u8));
        await pipeline.OutcomeAsync<Outcome.Applied>(Submission(token));

        (await InvalidAsync(pipeline, new RevokeToken("t_1"))).ShouldBe([""]);

        // An administrator until tomorrow is none the day after; one for a project is none of the tenant.
        var scope = ResourcePattern.Everything with
        {
            Projects = ["web"],
        };
        var tomorrow = pipeline.Time.GetUtcNow().AddDays(1);
        await ApplyAsync(pipeline, new CreateAssignment("a_1", "p_ann", null, "ADMIN", scope, null, null));
        await ApplyAsync(
            pipeline,
            new CreateAssignment("a_2", "p_ann", null, "ADMIN", ResourcePattern.Everything, null, tomorrow)
        );
        (await InvalidAsync(pipeline, new RevokeToken("t_1"))).ShouldBe([""]);

        // What is given to a token's own subject ends with the token.
        await ApplyAsync(pipeline, Assign("a_4", "ADMIN", subject: "s_first"));
        (await InvalidAsync(pipeline, new RevokeToken("t_1"))).ShouldBe([""]);

        await ApplyAsync(pipeline, Assign("a_3", "ADMIN", subject: "p_ann"));
        await pipeline.OutcomeAsync<Outcome.Applied>(Submission(new RevokeToken("t_1")));
        (await InvalidAsync(pipeline, new DeleteAssignment("a_3"))).ShouldBe([""]);
    }

    [Fact]
    public async Task LastAdministrator_ByARoleOfTheTenant_CannotLoseItByTheRole()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        await ApplyAsync(pipeline, Role("boss", """[{"effect":"allow","actions":["*"]}]"""));
        await ApplyAsync(pipeline, Assign("a_1", "boss", subject: "p_ann"));

        (await InvalidAsync(pipeline, new UpdateRole("boss", null, null, Read(Grants)))).ShouldBe([""]);
    }

    private static Task<Outcome.Applied> ApplyAsync(Pipeline pipeline, Operation operation) =>
        pipeline.OutcomeAsync<Outcome.Applied>(Submission(operation));

    private static async Task<IEnumerable<string>> InvalidAsync(Pipeline pipeline, Operation operation) =>
        (await pipeline.ErrorAsync<Error.Invalid>(Submission(operation))).Problems.Select(problem => problem.Pointer);

    private static Submission Submission(Operation operation) => Pipeline.Submission([operation], project: "");

    private static CreateRole Role(string key, string grants) => new(key, "", "", Read(grants));

    private static CreateAssignment Assign(string id, string role, string? subject = null, string? group = null) =>
        new(id, subject, group, role, ResourcePattern.Everything, null, null);

    private static Sequence<Grant> Read(string grants)
    {
        var problems = new List<DefinitionProblem>();
        using var parsed = JsonDocument.Parse($$"""{"grants":{{grants}}}""");
        var read = RoleJson.ReadGrants(JsonCursor.Root(parsed.RootElement, problems));
        problems.ShouldBeEmpty();
        return read;
    }

    private static async Task<string> LastAsync(Pipeline pipeline)
    {
        var leaf = await pipeline.LastLeafAsync();
        return $"{leaf["type"]} | {string.Join("; ", leaf["meta"]!["summary"]!.AsArray().Select(words => words!.ToString()))}";
    }
}

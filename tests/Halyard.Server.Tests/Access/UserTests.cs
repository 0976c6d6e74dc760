using System.Text;
using System.Text.Json;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Access.Users;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Storage;
using Halyard.Server.Authentication.Local;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Access;

/// <summary>The users that the server itself knows: who they are, how they log in, and what the log knows of them.</summary>
public sealed class UserTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Me = "/api/v1/me";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task User_LogsInByPassword_AndActsWithTheirRoles()
    {
        var id = await server.UserAsync("ann@example.com");

        var browser = await server.LogInAsync(" Ann@Example.COM");

        var me = (await browser.SendAsync("GET", Me)).Expect(200);
        me.Text("subject").ShouldBe(id);
        me.GetProperty("roles").EnumerateArray().Single().GetString().ShouldBe("ADMIN");
        (await browser.SendAsync("POST", "/api/v1/projects", """{"key":"anns","name":"Ann's"}""")).Expect(200);
    }

    [Fact]
    public async Task Defect191_AnotherEmailAddress_IsNoOtherIdentity()
    {
        var id = await server.UserAsync("before@example.com");
        var browser = await server.LogInAsync("before@example.com");
        await ChangeAsync(id, """{"email":"After@example.com"}""");

        (await browser.SendAsync("GET", Me)).Expect(200).Text("subject").ShouldBe(id);
        (await (await server.LogInAsync("after@example.com")).SendAsync("GET", Me)).Expect(200).Text("subject").ShouldBe(id);
        (await TryAsync("before@example.com", HalyardServer.Password)).ExpectProblem(401, "wrong-credentials");
        // The address is free again, for somebody who is somebody else.
        (await server.UserAsync("before@example.com")).ShouldNotBe(id);
    }

    [Fact]
    public async Task TwoUsers_HaveNeverOneAddress_HoweverItIsWritten()
    {
        await server.UserAsync("taken@example.com");
        var other = await server.UserAsync("free@example.com");

        (await server.PostAsync("/api/v1/users", """{"email":" TAKEN@example.com "}""")).ExpectInvalid().ShouldBe(["/email"]);
        (await server.SendAsync("PATCH", $"/api/v1/users/{other}", """{"email":"Taken@example.com"}"""u8.ToArray(), server.Admin))
            .ExpectInvalid()
            .ShouldBe(["/email"]);
    }

    [Fact]
    public async Task ManyUsersOfOneAddressAtOnce_AreOne()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => server.PostAsync("/api/v1/users", """{"email":"race@example.com"}"""))
        );

        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer.Status == 422);
    }

    [Fact]
    public async Task EverythingThatIsWrongWithAUser_IsSaidAtOnce()
    {
        const string body = """{"email":"nobody","roles":["ROOT"],"password":"short"}""";

        (await server.PostAsync("/api/v1/users", body)).ExpectInvalid().ShouldBe(["/email", "/password"]);
        (await server.PostAsync("/api/v1/users", """{"email":"x@example.com","roles":["ROOT"]}"""))
            .ExpectInvalid()
            .ShouldBe(["/roles/0"]);
        (await server.PostAsync("/api/v1/users", """{"email":"x@example.com","admin":true}""")).ExpectProblem(422, "invalid");
    }

    [Fact]
    public async Task DrawnPassword_IsAnsweredOnce_AndWorks()
    {
        var key = ("Idempotency-Key", "drawn");
        const string body = """{"email":"drawn@example.com"}""";
        var first = (await server.PostAsync("/api/v1/users", body, null, key)).Expect(200);
        var again = (await server.PostAsync("/api/v1/users", body, null, key)).Expect(200);

        await server.LogInAsync("drawn@example.com", first.Text("password"));
        again.Text("id").ShouldBe(first.Text("id"));
        again.TryGetProperty("password", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Defect191_AddressNameAndPassword_AreInNoEntryAndNoDocumentOfTheLog()
    {
        var id = await server.UserAsync("secret.person@example.com");
        await server.LogInAsync("secret.person@example.com");
        await TryAsync("secret.person@example.com", "wrong password!");
        await ChangeAsync(id, """{"email":"secret.person@example.org","name":"Secret Name"}""");

        var store = server.Services.GetRequiredService<IStore>();
        var texts = new StringBuilder();
        foreach (var entry in await store.FeedAsync("default", 0, 1_000, Cancellation))
        {
            texts.Append(Encoding.UTF8.GetString(entry.Leaf));
            var digests = LedgerFold.BlobsNamedIn(entry.Leaf);
            foreach (var blob in (await store.BlobsAsync("default", digests, Cancellation)).Values)
                texts.Append(Encoding.UTF8.GetString(blob));
        }
        var log = texts.ToString();

        log.ShouldContain(id);
        log.ShouldNotContain("secret.person", Case.Insensitive);
        log.ShouldNotContain("Secret Name");
        log.ShouldNotContain(HalyardServer.Password);
        var password = server.Services.GetRequiredService<PasswordVault>();
        var user = await server.Services.GetRequiredService<LocalUsers>().FindAsync("default", id, Cancellation);
        var hash = (await password.FindAsync("default", user, Cancellation)).ShouldNotBeNull();
        log.ShouldNotContain(hash);
        // At rest it is not readable without its owner's key either.
        var mark = (await store.MarkAsync("default", $"password/{id}", Cancellation)).ShouldNotBeNull();
        Encoding.UTF8.GetString(mark.Value).ShouldNotContain(hash);
    }

    [Fact]
    public async Task Hash_IsAsSlowAsItMustBe()
    {
        await server.UserAsync("slow@example.com");
        var user = await server.Services.GetRequiredService<LocalUsers>().NamedAsync("default", "slow@example.com", Cancellation);
        var hash = await server.Services.GetRequiredService<PasswordVault>().FindAsync("default", user, Cancellation);

        // Its form says by which function and how often: version 1, PRF 2 (HMAC-SHA-512), the count.
        var bytes = Convert.FromBase64String(hash.ShouldNotBeNull());
        bytes[0].ShouldBe((byte)1);
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)).ShouldBe(2);
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(5)).ShouldBeGreaterThanOrEqualTo(600_000);
    }

    [Fact]
    public async Task DisabledUser_IsOutAtOnce_AndStaysOutOfWhatWasBegunBefore()
    {
        var id = await server.UserAsync("disabled@example.com");
        var browser = await server.LogInAsync("disabled@example.com");

        (await server.PostAsync($"/api/v1/users/{id}/disable", """{"reason":"left"}""")).Expect(200);

        (await browser.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
        (await TryAsync("disabled@example.com", HalyardServer.Password)).ExpectProblem(401, "wrong-credentials");
        (await server.PostAsync($"/api/v1/users/{id}/enable", "{}")).Expect(200);
        (await browser.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
        await server.LogInAsync("disabled@example.com");
    }

    [Fact]
    public async Task RolesTakenAway_AreGoneAtOnce()
    {
        var id = await server.UserAsync("demoted@example.com");
        var browser = await server.LogInAsync("demoted@example.com");

        await ChangeAsync(id, """{"roles":["CLIENT"]}""");

        (await browser.SendAsync("GET", "/api/v1/roles")).ExpectProblem(403, "denied");
    }

    [Fact]
    public async Task ResetPassword_EndsEverySession_AndTheOldPasswordIsWorthNothing()
    {
        var id = await server.UserAsync("reset@example.com");
        var browser = await server.LogInAsync("reset@example.com");

        var reset = (await server.PostAsync($"/api/v1/users/{id}/reset-password", """{"reason":"lost"}""")).Expect(200);

        (await browser.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
        (await TryAsync("reset@example.com", HalyardServer.Password)).ExpectProblem(401, "wrong-credentials");
        (await TryAsync("reset@example.com", reset.Text("password"))).ExpectProblem(403, "password-change-required");
    }

    [Fact]
    public async Task ResetPassword_BeginsNothing_ButALogInThatPutsAnotherInItsPlace()
    {
        const string email = "chosen@example.com";
        const string own = "chosen by its owner";
        var id = await server.UserAsync(email);
        const string set = "set by an administrator";
        (await server.PostAsync($"/api/v1/users/{id}/reset-password", $$"""{"password":"{{set}}"}""")).Expect(200);
        (await server.GetAsync($"/api/v1/users/{id}")).Expect(200).GetProperty("mustChangePassword").GetBoolean().ShouldBeTrue();

        (await ChooseAsync(email, set, null, wantsToken: true)).ExpectProblem(403, "password-change-required");
        (await ChooseAsync(email, set, set)).ExpectInvalid().ShouldBe(["/newPassword"]);
        (await ChooseAsync(email, set, "short")).ExpectInvalid().ShouldBe(["/newPassword"]);
        (await ChooseAsync(email, "not that one at all", own)).ExpectProblem(401, "wrong-credentials");
        (await ChooseAsync(email, set, own)).Expect(200).Text("subject").ShouldBe(id);

        (await TryAsync(email, set)).ExpectProblem(401, "wrong-credentials");
        await server.LogInAsync(email, own);
        (await server.GetAsync($"/api/v1/users/{id}")).Expect(200).TryGetProperty("mustChangePassword", out _).ShouldBeFalse();
        var entries = (await server.GetAsync("/api/v1/audit?action=user.password_changed&limit=2")).Expect(200).Items();
        entries[0].GetProperty("actor").Text("subject").ShouldBe(id);
        entries[1].GetRawText().ShouldContain("must choose one of their own");
    }

    [Fact]
    public async Task OwnPassword_IsChangedByWhoKnowsIt_AndEveryOtherSessionEnds()
    {
        const string path = "/auth/password/change";
        await server.UserAsync("own@example.com", "CLIENT");
        var (browser, other) = (await server.LogInAsync("own@example.com"), await server.LogInAsync("own@example.com"));

        (
            await browser.SendAsync("POST", path, """{"currentPassword":"not that one","newPassword":"brand new password"}""")
        ).ExpectProblem(401, "wrong-credentials");
        (
            await browser.SendAsync(
                "POST",
                path,
                $$"""{"currentPassword":"{{HalyardServer.Password}}","newPassword":"own@example.com"}"""
            )
        )
            .ExpectInvalid()
            .ShouldBe(["/newPassword"]);
        var answer = await browser.SendAsync(
            "POST",
            path,
            $$"""{"currentPassword":"{{HalyardServer.Password}}","newPassword":"brand new password"}"""
        );

        var next = new Browser(server, answer.Headers["Set-Cookie"], answer.Expect(200).Text("csrfToken"));
        (await next.SendAsync("GET", "/auth/session")).Expect(200);
        (await browser.SendAsync("GET", "/auth/session")).ExpectProblem(401, "unauthenticated");
        (await other.SendAsync("GET", "/auth/session")).ExpectProblem(401, "unauthenticated");
        await server.LogInAsync("own@example.com", "brand new password");
    }

    [Fact]
    public async Task DeletedUser_IsGone_WithEveryPasswordAndSession()
    {
        var id = await server.UserAsync("deleted@example.com");
        var browser = await server.LogInAsync("deleted@example.com");

        (await server.SendAsync("DELETE", $"/api/v1/users/{id}?reason=left", null, server.Admin)).Expect(200);

        (await browser.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
        (await TryAsync("deleted@example.com", HalyardServer.Password)).ExpectProblem(401, "wrong-credentials");
        (await server.GetAsync($"/api/v1/users/{id}")).ExpectProblem(404, "not-found");
        var mark = await server.Services.GetRequiredService<IStore>().MarkAsync("default", $"password/{id}", Cancellation);
        Encoding.UTF8.GetString(mark.ShouldNotBeNull().Value).ShouldBe("[]");
    }

    [Fact]
    public async Task LiveUser_IsNotErased_AndADeletedOneIs()
    {
        var id = await server.UserAsync("erased@example.com");
        const string body = """{"name":"erased@example.com","reason":"asked for it"}""";

        (await server.PostAsync("/api/v1/privacy/erasures", body)).ExpectProblem(409, "still-in-use");
        (await server.SendAsync("DELETE", $"/api/v1/users/{id}?reason=left", null, server.Admin)).Expect(200);
        (await server.PostAsync("/api/v1/privacy/erasures", body)).Expect(200);
    }

    [Fact]
    public async Task Answers_TellNothingOfPasswords()
    {
        var id = await server.UserAsync("shown@example.com");

        var one = (await server.GetAsync($"/api/v1/users/{id}")).Expect(200);

        one.EnumerateObject()
            .Select(member => member.Name)
            .ShouldBe(["createdAt", "email", "enabled", "id", "name", "revision", "roles", "updatedAt"], ignoreOrder: true);
        (await server.GetAsync("/api/v1/users?limit=1000")).Expect(200).Items().ShouldContain(item => item.Text("id") == id);
    }

    [Fact]
    public async Task LogIn_ThatAnotherSiteSends_IsRefused()
    {
        await server.UserAsync("foreign@example.com");
        var body = HalyardServer.LogInBody("foreign@example.com", HalyardServer.Password);

        (await server.SendAsync("POST", "/auth/password", body, "", ("Sec-Fetch-Site", "cross-site"))).ExpectProblem(
            403,
            "cross-site"
        );
        (await server.SendAsync("POST", "/auth/password", body, "", ("Origin", "http://evil.example"))).ExpectProblem(
            403,
            "cross-site"
        );
        (await server.SendAsync("POST", "/auth/password", body, "", ("Sec-Fetch-Site", "same-origin"))).Expect(200);
    }

    [Fact]
    public async Task LocalUsers_CanBeSwitchedOff()
    {
        await using var without = new ServerWithoutUsers();
        await without.InitializeAsync();

        (await without.GetAsync("/api/v1/users")).ExpectProblem(404, "not-found");
        (await without.SendAsync("POST", "/auth/password", HalyardServer.LogInBody("a@example.com", "guess"), "")).ExpectProblem(
            404,
            "not-found"
        );
    }

    private sealed class ServerWithoutUsers : HalyardServer
    {
        protected override IEnumerable<string> Settings => ["--Halyard:Identity:Local:Enabled=false"];
    }

    private Task<Answer> ChooseAsync(string email, string password, string? newPassword, bool wantsToken = false) =>
        server.SendAsync(
            "POST",
            "/auth/password",
            JsonSerializer.SerializeToUtf8Bytes(
                newPassword is null
                    ? new
                    {
                        email,
                        password,
                        token = wantsToken,
                    }
                    : (object)
                        new
                        {
                            email,
                            password,
                            newPassword,
                        }
            ),
            ""
        );

    private Task<Answer> TryAsync(string email, string password) =>
        server.SendAsync("POST", "/auth/password", HalyardServer.LogInBody(email, password), "");

    private async Task<JsonElement> ChangeAsync(string id, string body) =>
        (await server.SendAsync("PATCH", $"/api/v1/users/{id}", Encoding.UTF8.GetBytes(body), server.Admin)).Expect(200);

    [Fact]
    public async Task Password_ProvedBeforeAnAdministratorSetAnother_SetsNone()
    {
        var created = (await server.PostAsync("/api/v1/users", """{"email":"late@example.com"}""")).Expect(200);
        var id = created.Text("id");
        var users = server.Services.GetRequiredService<LocalUsers>();
        var proved = (await users.FindAsync("default", id, TestContext.Current.CancellationToken))!;
        (await server.PostAsync($"/api/v1/users/{id}/reset-password", "{}")).Expect(200);

        var late = new SetPassword(id, proved.Password, MustChange: false) { Proved = proved.Epoch };
        var change = Change.Edit("", [late], "", action: PasswordChange.Action);
        var submission = new Submission(Actor.System("default"), RequestContext.Internal("q_late"), change);
        var result = await server
            .Services.GetRequiredService<ChangeService>()
            .SubmitAsync(submission, TestContext.Current.CancellationToken);

        result.Error.ShouldBeOfType<Error.Invalid>();
        (await users.FindAsync("default", id, TestContext.Current.CancellationToken))!.MustChangePassword.ShouldBeTrue();
    }
}

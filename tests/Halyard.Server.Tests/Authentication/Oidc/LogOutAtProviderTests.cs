using System.Net;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Authentication.Oidc;

/// <summary>Log-outs at real providers. They tell the time by the wall, so no test here moves the server's clock.</summary>
public sealed class LogOutAtProviderTests(RealProviderServer server) : IClassFixture<RealProviderServer>
{
    private const string Me = "/api/v1/me";

    [Theory]
    [InlineData("flat")]
    [InlineData("nested")]
    public async Task LogOut_AtTheProvider_EndsTheSessionThatItsSessionBegan_AndNoOther(string name)
    {
        var provider = server.Named(name);
        var (desk, phone) = (new CookieContainer(), new CookieContainer());
        var atDesk = await server.BrowserAsync(name, "ada", "", desk);
        var onPhone = await server.BrowserAsync(name, "ada", "", phone);
        var bobs = await server.BrowserAsync(name, "bob", "");
        var subject = (await atDesk.SendAsync("GET", Me)).Expect(200).Text("subject");

        await provider.LogOutAsync(desk, server.Address);

        (await atDesk.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
        (await onPhone.SendAsync("GET", Me)).Expect(200);
        (await bobs.SendAsync("GET", Me)).Expect(200);
        var entry = (await onPhone.SendAsync("GET", "/api/v1/audit?action=access.logged_out&limit=1")).Expect(200).Items()[0];
        entry.GetRawText().ShouldContain($"{subject} logged out at '{name}'");
        entry.GetProperty("actor").Text("kind").ShouldBe("system");
        await provider.LogOutAsync(phone, server.Address);
        (await onPhone.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
        // And whoever logs in again is in.
        (await (await server.BrowserAsync(name, "ada", "")).SendAsync("GET", Me)).Expect(200);
    }
}

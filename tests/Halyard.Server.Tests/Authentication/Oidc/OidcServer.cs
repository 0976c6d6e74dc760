using System.Text.Json.Nodes;
using Halyard.Server.Tests.Hosting;
using Microsoft.AspNetCore.WebUtilities;

namespace Halyard.Server.Tests.Authentication.Oidc;

/// <summary>
/// A server with two identity providers: everybody of the first belongs to the tenant <c>default</c>; of the second a claim decides,
/// and their groups lie elsewhere.
/// </summary>
public sealed class OidcServer : HalyardServer
{
    /// <summary>Everybody of it belongs to <c>default</c>; its group <c>admins</c> may do everything.</summary>
    public Issuer Corp { get; private set; } = null!;

    /// <summary>Its claim <c>org</c> decides; groups are in <c>/realm/roles</c>, e-mail addresses in <c>mail</c>.</summary>
    public Issuer Partner { get; private set; } = null!;

    protected override IEnumerable<string> Settings =>
        [
            "--Halyard:Identity:Providers:0:Name=corp",
            $"--Halyard:Identity:Providers:0:Issuer={Corp.Address}",
            $"--Halyard:Identity:Providers:0:Audience={Issuer.Audience}",
            $"--Halyard:Identity:Providers:0:ClientId={Issuer.ClientId}",
            "--Halyard:Identity:Providers:0:ClientSecret=a secret: 100%",
            "--Halyard:Identity:Providers:0:TenantMapping:Tenant=default",
            "--Halyard:Identity:Providers:0:RoleMapping:0:Group=admins",
            "--Halyard:Identity:Providers:0:RoleMapping:0:Role=ADMIN",
            "--Halyard:Identity:Providers:1:Name=partner",
            $"--Halyard:Identity:Providers:1:Issuer={Partner.Address}",
            $"--Halyard:Identity:Providers:1:Audience={Issuer.Audience}",
            "--Halyard:Identity:Providers:1:TenantMapping:Claim=org",
            "--Halyard:Identity:Providers:1:TenantMapping:Values:0:Value=ACME: Inc",
            "--Halyard:Identity:Providers:1:TenantMapping:Values:0:Tenant=other",
            "--Halyard:Identity:Providers:1:TenantMapping:Values:1:Value=us",
            "--Halyard:Identity:Providers:1:TenantMapping:Values:1:Tenant=default",
            "--Halyard:Identity:Providers:1:TenantMapping:Values:2:Value=gone",
            "--Halyard:Identity:Providers:1:TenantMapping:Values:2:Tenant=nobody",
            "--Halyard:Identity:Providers:1:ClaimMapping:Groups=/realm/roles",
            "--Halyard:Identity:Providers:1:ClaimMapping:Email=mail",
            "--Halyard:Identity:Providers:1:RoleMapping:0:Group=ops",
            "--Halyard:Identity:Providers:1:RoleMapping:0:Role=ADMIN",
            "--Halyard:Identity:Reauthentication:Actions:0=sdk-key.create",
            "--Halyard:Identity:Reauthentication:Actions:1=audit.reveal",
            "--Halyard:Identity:Reauthentication:Actions:2=history.import",
            "--Halyard:Identity:Reauthentication:Actions:3=hold.read",
            "--Halyard:Identity:Reauthentication:Actions:4=segment.*",
            "--Halyard:Identity:Reauthentication:Actions:5=flag.off_variant_changed",
            "--Halyard:Identity:Reauthentication:Acr:0=gold",
        ];

    protected override async ValueTask StartNeighboursAsync()
    {
        Corp = await Issuer.StartAsync();
        Partner = await Issuer.StartAsync();
    }

    protected override async ValueTask StopNeighboursAsync()
    {
        await Corp.DisposeAsync();
        await Partner.DisposeAsync();
    }

    /// <summary>A token of the first provider.</summary>
    public string CorpToken(string subject = "person-1", params (string Name, JsonNode? Value)[] changed) =>
        Corp.Forge.Token(Corp.Claims(Time.GetUtcNow(), subject, [("groups", new JsonArray("admins", "staff")), .. changed]));

    /// <summary>A token of the second provider.</summary>
    public string PartnerToken(
        string organisation,
        string subject = "person-1",
        params (string Name, JsonNode? Value)[] changed
    ) =>
        Partner.Forge.Token(
            Partner.Claims(
                Time.GetUtcNow(),
                subject,
                [("org", organisation), ("realm", new JsonObject { ["roles"] = new JsonArray("ops") }), .. changed]
            )
        );

    /// <summary>Begins a log-in: where the browser is sent, and what it keeps.</summary>
    public async Task<Begun> BeginAsync(string path = "/auth/login?provider=corp")
    {
        var answer = await SendAsync("GET", path, null, "");
        answer.Status.ShouldBe(302, answer.Words);
        var address = answer.Headers["Location"];
        var query = QueryHelpers
            .ParseQuery(new Uri(address).Query)
            .ToDictionary(item => item.Key, item => item.Value.ToString(), StringComparer.Ordinal);
        return new Begun(address, query, answer.Headers["Set-Cookie"]);
    }

    /// <summary>The browser comes back with a code.</summary>
    public Task<Answer> EndAsync(Begun begun) =>
        SendAsync(
            "GET",
            $"/auth/callback/corp?code=the-code&state={begun.Query["state"]}&iss={Uri.EscapeDataString(Corp.Address)}",
            null,
            "",
            ("Cookie", begun.Cookie)
        );

    /// <summary>Claims of an ID token that is right in every respect.</summary>
    public JsonObject IdClaims(Begun begun, params (string Name, JsonNode? Value)[] changed)
    {
        var now = Time.GetUtcNow();
        return Corp.Claims(
            now,
            "person-1",
            [("aud", Issuer.ClientId), ("nonce", begun.Query["nonce"]), ("auth_time", now.ToUnixTimeSeconds() - 5), .. changed]
        );
    }

    /// <summary>The browser that was logged in by an answer.</summary>
    public async Task<Browser> BrowserOfAsync(Answer answer)
    {
        answer.Status.ShouldBe(302, answer.Words);
        var cookie = answer
            .Headers["Set-Cookie"]
            .Split('\n')
            .Single(set => set.StartsWith("halyard-session=", StringComparison.Ordinal));
        var browser = new Browser(this, cookie, "");
        var session = (await browser.SendAsync("GET", "/auth/session")).Expect(200);
        return new Browser(this, cookie, session.Text("csrfToken"));
    }
}

/// <summary>A log-in that was begun.</summary>
/// <param name="Address">Where the browser is sent.</param>
/// <param name="Query">What it brings there.</param>
/// <param name="SetCookie">What it keeps meanwhile.</param>
public sealed record Begun(string Address, Dictionary<string, string> Query, string SetCookie)
{
    public string Cookie => SetCookie.Split(';')[0];
}

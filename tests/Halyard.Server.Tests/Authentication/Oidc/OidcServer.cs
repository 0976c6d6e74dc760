using System.Text.Json.Nodes;
using Halyard.Server.Tests.Hosting;

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
            "--Halyard:Identity:Reauthentication:Acr:0=gold",
        ];

    public override async ValueTask InitializeAsync()
    {
        Corp = await Issuer.StartAsync();
        Partner = await Issuer.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
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
}

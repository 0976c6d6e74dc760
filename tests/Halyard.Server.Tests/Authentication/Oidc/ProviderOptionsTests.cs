using Halyard.Server.Authentication;
using Halyard.Server.Authentication.Oidc;
using Halyard.Server.Hosting;

namespace Halyard.Server.Tests.Authentication.Oidc;

/// <summary>A provider that could not work, or would be believed too much, ends the server at its start, with everything that is wrong.</summary>
public sealed class ProviderOptionsTests
{
    private const string Path = "Halyard:Identity:Providers";

    private static ProviderOptions Good =>
        new()
        {
            Name = "corp",
            Issuer = "https://issuer.example",
            Audience = "api",
            TenantMapping = { Tenant = "default" },
        };

    [Fact]
    public void GoodOptions_HaveNoProblem() =>
        new IdentityOptions { Providers = { Good } }
            .Problems()
            .ShouldBeEmpty();

    [Fact]
    public void EveryProblem_IsNamedWithItsPath()
    {
        var provider = new ProviderOptions
        {
            Name = "Corp!",
            Issuer = "http://issuer.example?x",
            ClientSecret = "a",
            ClientSecretFile = "/nowhere/secret",
            Algorithms = ["HS256", "none", "RS256"],
            ClockSkewSeconds = 301,
            MaxTokenAgeSeconds = 1,
            KeyRefreshSeconds = 1,
            StaleKeyHours = 0,
            TenantMapping =
            {
                Tenant = "default",
                Claim = "org",
                Values =
                {
                    new TenantValue { Value = "a", Tenant = "A" },
                    new TenantValue { Value = "a", Tenant = "b" },
                    new TenantValue(),
                },
            },
            ClaimMapping = { Subject = "" },
            RoleMapping = { new GroupRole { Role = "ROOT" } },
        };
        var options = new IdentityOptions
        {
            Providers = { Good, provider },
            Reauthentication =
            {
                Actions = ["flag.*", "flag.enable", "*", "nothing.*", "change.submit", "token.create", ""],
                MaxAgeSeconds = 1,
                Acr = ["a b"],
            },
        };

        options
            .Problems()
            .Select(problem => problem.Split(' ')[0].TrimEnd(':'))
            .ShouldBe([
                $"{Path}:1:Name",
                $"{Path}:1:Issuer",
                $"{Path}:1",
                $"{Path}:1:ClientSecret",
                $"{Path}:1:ClientSecretFile",
                $"{Path}:1:Algorithms",
                $"{Path}:1:Algorithms",
                $"{Path}:1:ClockSkewSeconds",
                $"{Path}:1:MaxTokenAgeSeconds",
                $"{Path}:1:KeyRefreshSeconds",
                $"{Path}:1:StaleKeyHours",
                $"{Path}:1:TenantMapping",
                $"{Path}:1:TenantMapping:Values:0:Tenant",
                $"{Path}:1:TenantMapping:Values:2:Value",
                $"{Path}:1:TenantMapping:Values:2:Tenant",
                $"{Path}:1:TenantMapping:Values",
                $"{Path}:1:ClaimMapping:Subject",
                $"{Path}:1:RoleMapping:0:Group",
                $"{Path}:1:RoleMapping:0:Role",
                "Halyard:Identity:Reauthentication:Actions:1",
                "Halyard:Identity:Reauthentication:Actions:3",
                "Halyard:Identity:Reauthentication:Actions:6",
                "Halyard:Identity:Reauthentication:MaxAgeSeconds",
                "Halyard:Identity:Reauthentication:Acr",
            ]);
    }

    [Fact]
    public void TwoProviders_OfOneNameOrIssuer_AreRefused() =>
        new IdentityOptions { Providers = { Good, Good } }
            .Problems()
            .Count()
            .ShouldBe(2);

    [Theory]
    [InlineData("https://issuer.example")]
    [InlineData("https://issuer.example/")]
    public void Provider_ThatCallsItselfAsThisServerDoes_IsRefused(string publicUrl) =>
        new HalyardOptions { PublicUrl = publicUrl, Identity = { Providers = { Good } } }
            .Problems()
            .ShouldHaveSingleItem()
            .ShouldStartWith($"{Path}:0:Issuer ");

    [Theory]
    [InlineData("https://issuer.example", true)]
    [InlineData("http://127.0.0.1:8080/realm", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://localhost", true)]
    [InlineData("http://issuer.example", false)]
    [InlineData("http://127.0.0.1.issuer.example", false)]
    [InlineData("https://user:secret@issuer.example", false)]
    [InlineData("ftp://issuer.example", false)]
    [InlineData("/realm", false)]
    [InlineData("", false)]
    public void Address_IsSafe_OverHttpsOrOnLoopback(string address, bool isSafe) =>
        ProviderOptions.IsSafe(address).ShouldBe(isSafe);
}

using System.Net;
using Halyard.Core.Audit.Sinks;
using Halyard.Server.Delivery;
using Halyard.Server.Delivery.Http;
using Halyard.Server.Hosting;

namespace Halyard.Server.Tests.Delivery;

/// <summary>A sink's target is somebody's input: it leads nowhere but out.</summary>
public sealed class GuardTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0:10.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("2001::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:db8::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void PrivateAddress_IsNotPublic(string address) => PublicAddresses.Contain(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2606:4700:4700::1111")]
    public void AddressOfTheInternet_IsPublic(string address) => PublicAddresses.Contain(IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("https://hooks.example.com/in", true)]
    [InlineData("http://127.0.0.1:9000/in", true)]
    [InlineData("http://localhost/in", true)]
    [InlineData("http://hooks.example.com/in", false)]
    [InlineData("http://127.0.0.1.example.com/in", false)]
    [InlineData("https://user:secret@hooks.example.com/in", false)]
    [InlineData("https://hooks.example.com/in#part", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("gopher://hooks.example.com/", false)]
    [InlineData("//hooks.example.com/in", false)]
    [InlineData("/in", false)]
    [InlineData("", false)]
    public void Address_IsHttpsOrThisMachine(string text, bool expected) => SinkRules.IsAddress(text, out _).ShouldBe(expected);

    [Theory]
    [InlineData("", "127.0.0.1")]
    [InlineData("", "localhost")]
    [InlineData("", "[::1]")]
    [InlineData("", "2130706433")]
    [InlineData("", "0x7f.1")]
    [InlineData("hooks.example.com,10.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "localhost")]
    public async Task HostThatIsNotAllowed_IsNotConnectedTo(string allowed, string host)
    {
        await using var target = await StandIn.StartAsync();
        using var http = new TargetHttp(new SinkOptions { AllowedHosts = allowed }, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{host}:{new Uri(target.Address).Port}/in");

        var answer = await http.SendAsync(request, 100, TestContext.Current.CancellationToken);

        answer.Status.ShouldBe(0);
        answer.Result.Verdict.ShouldBe(DeliveryVerdict.Failed);
        answer.Result.Words.ShouldContain("AllowedHosts");
        target.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("elsewhere.example, LOCALHOST", "localhost")]
    public async Task HostThatIsAllowed_IsConnectedTo(string allowed, string host)
    {
        await using var target = await StandIn.StartAsync();
        using var http = new TargetHttp(new SinkOptions { AllowedHosts = allowed }, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{host}:{new Uri(target.Address).Port}/in");

        (await http.SendAsync(request, 100, TestContext.Current.CancellationToken)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using var target = await StandIn.StartAsync();
        target.Answers(_ => new Reply(307, "", ("Location", $"{target.Address}/elsewhere")));
        using var http = new TargetHttp(new SinkOptions { AllowedHosts = "127.0.0.1" }, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{target.Address}/in");

        var answer = await http.SendAsync(request, 100, TestContext.Current.CancellationToken);

        answer.Result.ShouldBe(DeliveryResult.Failed("the target answered 307; redirects are not followed"));
        target.Requests.ShouldHaveSingleItem().Path.ShouldBe("/in");
    }

    [Fact]
    public async Task AnswerOfAnyLength_IsReadAsFarAsTheLimit()
    {
        await using var target = await StandIn.StartAsync();
        target.Answers(_ => new Reply(200, new string('x', 1_000_000)));
        using var http = new TargetHttp(new SinkOptions { AllowedHosts = "127.0.0.1" }, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Address);

        (await http.SendAsync(request, 100, TestContext.Current.CancellationToken)).Body.Length.ShouldBe(100);
    }

    [Fact]
    public async Task TargetThatNobodyListensAt_IsSaidWithoutItsAddress()
    {
        using var http = new TargetHttp(new SinkOptions { AllowedHosts = "127.0.0.1" }, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:1/secret-path");

        var answer = await http.SendAsync(request, 100, TestContext.Current.CancellationToken);

        answer.Result.ShouldBe(DeliveryResult.Failed("the target cannot be reached (ConnectionError)"));
    }
}

using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Access;

/// <summary>Sessions end by themselves; a server of its own, because its clock is put forward.</summary>
public sealed class SessionTimeTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Me = "/api/v1/me";

    [Fact]
    public async Task IdleSession_Ends_AndOneInUseGoesOnToItsEnd()
    {
        var idle = await server.BrowserAsync(subject: "s_idle");
        var used = await server.BrowserAsync(subject: "s_used");

        for (var minutes = 0; minutes < 11 * 60; minutes += 50)
        {
            (await used.SendAsync("GET", Me)).Expect(200);
            server.Time.Advance(TimeSpan.FromMinutes(50));
        }

        (await idle.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
        (await used.SendAsync("GET", Me)).Expect(200);
        server.Time.Advance(TimeSpan.FromMinutes(50));
        (await used.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task WhatAPageReadsWhileNobodyIsAtIt_DoesNotKeepASession()
    {
        var left = await server.BrowserAsync(subject: "s_left");
        var attended = await server.BrowserAsync(subject: "s_attended");

        for (var minutes = 0; minutes < 60; minutes += 10)
        {
            (await left.SendAsync("GET", Me, null, ("X-Halyard-Unattended", "true"))).Expect(200);
            (await attended.SendAsync("GET", Me, null, ("X-Halyard-Unattended", "no"))).Expect(200);
            server.Time.Advance(TimeSpan.FromMinutes(10));
        }

        (await left.SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
        (await attended.SendAsync("GET", Me)).Expect(200);
    }

    [Fact]
    public async Task MoreSessionsThanOneMayHave_EndTheOneThatWasIdleLongest()
    {
        var browsers = new List<Browser>();
        for (var i = 0; i < 20; i++)
        {
            browsers.Add(await server.BrowserAsync(subject: "s_many"));
            server.Time.Advance(TimeSpan.FromSeconds(10));
        }
        server.Time.Advance(TimeSpan.FromMinutes(10));
        (await browsers[0].SendAsync("GET", Me)).Expect(200);

        await server.BrowserAsync(subject: "s_many");

        (await browsers[0].SendAsync("GET", Me)).Expect(200);
        (await browsers[1].SendAsync("GET", Me)).ExpectProblem(401, "unauthenticated");
        (await browsers[2].SendAsync("GET", Me)).Expect(200);
    }
}

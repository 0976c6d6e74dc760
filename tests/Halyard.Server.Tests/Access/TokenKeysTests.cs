using System.Text;
using Halyard.Core;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Authentication.Local;
using Halyard.Server.Disk;
using Halyard.Server.Tests.Timers;
using Halyard.Storage.Conformance.Building;

namespace Halyard.Server.Tests.Access;

/// <summary>The keys of tokens on servers that share their file.</summary>
public sealed class TokenKeysTests : IDisposable
{
    private static readonly byte[] Claims = Encoding.UTF8.GetBytes("""{"sub":"ann"}""");

    private static readonly TokenRules Rules = new(
        "urn:halyard:test",
        "halyard",
        ["ES256"],
        TokenRules.StrictAccessTypes,
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(15)
    );

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-jwt-");
    private readonly MovedTime _time = new() { Now = CommitBuilder.Noon };

    private string File => Path.Combine(_folder.FullName, "halyard.db.jwt");

    [Fact]
    public void KeyMadeOnOneServer_IsKnownToTheOther_AlsoWhereThatHadKeysAlready()
    {
        var (one, other) = (Keys(), Keys());
        var first = one.Sign(Claims);
        Verifies(other, first).ShouldBeTrue();

        _time.Now += TokenKeys.SignsFor;
        var second = one.Sign(Claims);

        KeyOf(second).ShouldNotBe(KeyOf(first));
        Verifies(other, second).ShouldBeTrue();
        Verifies(other, first).ShouldBeTrue("it lives on for a while");
        KeyOf(other.Sign(Claims)).ShouldBe(KeyOf(second), "one key signs on both");
        Encoding.UTF8.GetString(other.Published).ShouldBe(Encoding.UTF8.GetString(one.Published));
    }

    [Fact]
    public async Task ServersWhoseKeyEndsAtOnce_MakeOneKeyTogether()
    {
        var servers = Enumerable.Range(0, 8).Select(_ => Keys()).ToList();
        servers.ForEach(server => server.Sign(Claims));
        _time.Now += TokenKeys.SignsFor;

        var signed = await Task.WhenAll(servers.Select(server => Task.Run(() => server.Sign(Claims))));

        signed.Select(KeyOf).Distinct().Count().ShouldBe(1);
        servers.ShouldAllBe(server => signed.All(token => Verifies(server, token)));
    }

    [Fact]
    public async Task Lock_IsWaitedForHoweverManyWantItAtOnce_AndOneHasIt()
    {
        var (within, most) = (0, 0);

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < 500; i++)
                        {
                            using (FileLock.Take(File + ".lock"))
                            {
                                most = Math.Max(most, Interlocked.Increment(ref within));
                                Interlocked.Decrement(ref within);
                            }
                        }
                    })
                )
        );

        most.ShouldBe(1);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private TokenKeys Keys() => new(File, _time, Entropy.System);

    private static string? KeyOf(string token) => Parsed(token).KeyId;

    private static bool Verifies(TokenKeys keys, string token) =>
        TokenValidator.CheckSignature(Parsed(token), keys.Public, Rules) is null;

    private static UnverifiedToken Parsed(string token)
    {
        UnverifiedToken.TryParse(token, out var parsed).ShouldBeTrue();
        return parsed!;
    }
}

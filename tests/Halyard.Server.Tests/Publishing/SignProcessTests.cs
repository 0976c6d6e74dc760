using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Halyard.Ledger;
using Halyard.Server.Publishing.Signing;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Publishing;

/// <summary>The signer as a process of its own, as an operator starts it.</summary>
public sealed class SignProcessTests : IAsyncLifetime
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly World _world = new();
    private readonly List<Process> _started = [];
    private Uri _address = new("http://127.0.0.1");

    private string TokenFile => Path.Combine(_world.Folder, "token");

    private string[] Arguments =>
        [
            "sign",
            "--state",
            Path.Combine(_world.Folder, "signer", "state"),
            "--key",
            Path.Combine(_world.Folder, "signer", "key.pem"),
            "--token-file",
            TokenFile,
            $"--Halyard:LogHost={World.Host}",
            "--urls",
            "http://127.0.0.1:0",
        ];

    public async ValueTask InitializeAsync()
    {
        PrivateFile.Write(TokenFile, Token + "\n");
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started)
            await StopAsync(process);
        _world.Dispose();
    }

    [Fact]
    public async Task Log_IsPublishedWithItsSignatures_AlsoAfterItWasKilled()
    {
        await _world.GrowToAsync(20);
        using (var signer = new RemoteSigner(_address, Token))
            await _world.Publisher(signer: signer).PublishAsync(World.Tenant, World.Cancellation);
        await StopAsync(_started[0]);
        await StartAsync();
        await _world.GrowToAsync(40);

        using var restarted = new RemoteSigner(_address, Token);
        await _world.Publisher(signer: restarted).PublishAsync(World.Tenant, World.Cancellation);

        var (note, checkpoint) = await _world.NewestAsync();
        checkpoint.Size.ShouldBe(40);
        var key = (await restarted.KeysAsync(World.Cancellation)).ShouldHaveSingleItem();
        key.Name.ShouldBe(World.Host);
        note.Verify(key.CreateVerifier()!).ShouldBeOfType<NoteVerdict.Verified>();
    }

    [Fact]
    public async Task Answers_AreThoseOfTheSignerInProcess()
    {
        using var signer = new RemoteSigner(_address, Token);
        var leaves = Enumerable.Range(0, 30).Select(i => MerkleTree.HashLeaf([(byte)i])).ToList();
        var first = new SigningRequest(World.Origin, 0, 20, MerkleTree.Root([.. leaves.Take(20)]), []);

        var signed = (await signer.SignAsync(first, World.Cancellation)).ShouldBeOfType<SigningAnswer.Signed>();
        (await signer.SignAsync(first, World.Cancellation))
            .ShouldBeOfType<SigningAnswer.Signed>()
            .Note.ToString()
            .ShouldBe(signed.Note.ToString());
        (await signer.SignAsync(first with { Size = 21 }, World.Cancellation)).ShouldBe(new SigningAnswer.Stale(20, first.Root));
        (await signer.SignAsync(first with { OldSize = 20, Size = 21 }, World.Cancellation))
            .ShouldBeOfType<SigningAnswer.Refused>()
            .Reason.ShouldContain("do not begin with");
    }

    [Fact]
    public async Task WhoeverDoesNotKnowTheSecret_GetsNothing()
    {
        foreach (var authorization in new[] { "", "Bearer", $"Bearer {Token[..^1]}X", $"Bearer {Token}X", $"Basic {Token}" })
        {
            using var http = new HttpClient { BaseAddress = _address };
            if (authorization.Length > 0)
                http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization).ShouldBeTrue();

            using var keys = await http.GetAsync(new Uri("keys", UriKind.Relative), World.Cancellation);
            keys.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, authorization);
            (await PostAsync(http, "{}")).ShouldBe(HttpStatusCode.Unauthorized, authorization);
        }
    }

    [Fact]
    public async Task Request_ThatIsNone_IsNotUnderstood()
    {
        string[] bodies =
        [
            "",
            "null",
            "{}",
            "[1]",
            """{"origin":null,"oldSize":0,"size":1,"root":"","proof":[]}""",
            """{"origin":"flags.test/acme/admin","oldSize":0,"size":1,"root":"zz","proof":[]}""",
            """{"origin":"flags.test/acme/admin","oldSize":0,"size":1,"root":"sha256:00","proof":[null]}""",
        ];
        using var http = Client();
        foreach (var body in bodies)
            (await PostAsync(http, body)).ShouldBe(HttpStatusCode.BadRequest, body);
    }

    [Fact]
    public async Task Request_ThatIsTooLarge_IsRefused()
    {
        using var http = Client();
        using var content = new ByteArrayContent(new byte[SignBody.MaxBytes + 1]);

        (await http.PostAsync(new Uri("sign", UriKind.Relative), content, World.Cancellation)).StatusCode.ShouldBe(
            HttpStatusCode.RequestEntityTooLarge
        );
    }

    [Fact]
    public async Task SecondProcess_OnTheSameState_IsRefusedInWords()
    {
        var (exit, _, error) = await ServerProcess.RunAsync(Arguments);

        exit.ShouldBe(1);
        error.ShouldContain("in use by another process");
    }

    [Fact]
    public async Task ShortSecret_OrMissingOption_IsRefusedInWords()
    {
        var (exit, _, error) = await ServerProcess.RunAsync("sign", "--state", "x");
        exit.ShouldBe(3);
        error.ShouldContain("Usage: halyard-server sign");

        PrivateFile.Write(TokenFile, "short");
        (exit, _, error) = await ServerProcess.RunAsync(Arguments);
        exit.ShouldBe(1);
        error.ShouldContain("fewer than 32 characters");
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("sign", UriKind.Relative), content, World.Cancellation);
        return answer.StatusCode;
    }

    private HttpClient Client()
    {
        var http = new HttpClient { BaseAddress = _address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return http;
    }

    private async Task StartAsync()
    {
        var (process, address) = await ServerProcess.ListenAsync(Arguments);
        _started.Add(process);
        _address = address;
    }

    private static async Task StopAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }
}

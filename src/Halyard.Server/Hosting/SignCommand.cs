using Halyard.Core;
using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Hosting;

/// <summary>
/// <c>halyard-server sign --state DIR --key FILE --token-file FILE</c>: the signer as a process of its own, so that whoever controls the
/// server and its database cannot sign.
/// </summary>
internal static class SignCommand
{
    private const int Ok = 0;
    private const int Refused = 1;
    private const int Usage = 3;

    /// <summary>The fewest characters of the secret that the server shares with the signer.</summary>
    public const int MinToken = 32;

    private const string DefaultUrl = "http://127.0.0.1:8081";

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args[1..], ContentRootPath = AppContext.BaseDirectory }
        );
        var configuration = builder.Configuration;
        if (
            configuration["state"] is not { Length: > 0 } state
            || configuration["key"] is not { Length: > 0 } key
            || configuration["token-file"] is not { Length: > 0 } tokenFile
        )
        {
            await Console.Error.WriteLineAsync(
                "Usage: halyard-server sign --state DIR --key FILE --token-file FILE [--urls http://127.0.0.1:8081] "
                    + "[--Halyard:LogHost=HOST]; the passphrase of the key is Halyard:Signing:Passphrase."
            );
            return Usage;
        }
        try
        {
            var options = new HalyardOptions();
            configuration.GetSection(HalyardOptions.Section).Bind(options);
            var token = ReadToken(tokenFile);
            using var ring = KeyRing.Open(
                Path.GetFullPath(key),
                options.LogHost,
                configuration["Halyard:Signing:Passphrase"] ?? "",
                Entropy.System,
                TimeProvider.System
            );
            using var remembered = SignerState.Open(Path.GetFullPath(state), Entropy.System);
            using var signer = new Signer(ring, remembered);
            builder.Services.AddSingleton<ISigner>(signer);
            if (string.IsNullOrEmpty(configuration[WebHostDefaults.ServerUrlsKey]))
                builder.WebHost.UseUrls(DefaultUrl);
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = SignBody.MaxBytes + 1024;
            });
            var app = builder.Build();
            app.MapSigner(token);
            foreach (var each in ring.Signers)
                Console.WriteLine($"Signing key: {each.Key}");
            await app.RunAsync();
            return Ok;
        }
        catch (IOException refused)
        {
            // A file or the address cannot be used: the operator can mend it.
            await Console.Error.WriteLineAsync(refused.Message);
            return Refused;
        }
    }

    /// <summary>The secret in a file.</summary>
    /// <exception cref="IOException">There is none, others may read it, or it is too short.</exception>
    public static string ReadToken(string file)
    {
        var token = PrivateFile.Read(file).Trim();
        return token.Length >= MinToken
            ? token
            : throw new IOException($"The secret in '{file}' has fewer than {MinToken} characters.");
    }
}

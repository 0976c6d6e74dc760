using Halyard.Archive.S3;
using Halyard.Core;
using Halyard.Core.Reading;
using Halyard.Server.Publishing;
using Halyard.Server.Publishing.Anchoring;
using Halyard.Server.Publishing.Objects;
using Halyard.Server.Publishing.Signing;
using Microsoft.Extensions.Options;

namespace Halyard.Server.Hosting;

/// <summary>Puts together what publishes the ledger.</summary>
internal static class PublishingComposition
{
    /// <summary>Adds what both the server and the commands that look at a published ledger need.</summary>
    public static PublishingOptions AddPublishedLedger(this IHostApplicationBuilder builder, HalyardOptions halyard)
    {
        var options = new PublishingOptions();
        builder.Configuration.GetSection(HalyardOptions.Section).Bind(options);
        if (options.Problems().ToList() is { Count: > 0 } problems)
            throw new OptionsValidationException(HalyardOptions.Section, typeof(PublishingOptions), problems);
        var folder = Beside(halyard, options.Publishing.Folder, "ledger");
        options.Signing.Key = Beside(halyard, options.Signing.Key, "signing/key.pem");
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton<ProofReader>();
        services.AddSingleton(provider => new PublishedObjects(
            new FolderObjects(folder, provider.GetRequiredService<Entropy>())
        ));
        services.AddSingleton(provider => Signer(provider, options.Signing, halyard.LogHost));
        services.AddSingleton<KeyRecorder>();
        services.AddSingleton(provider => new Anchors([.. AnchorsOf(options.Anchoring, provider.GetRequiredService<Entropy>())]));
        return options;
    }

    /// <summary>Adds publishing and anchoring at an interval.</summary>
    public static void AddPublishing(this IHostApplicationBuilder builder, HalyardOptions halyard)
    {
        builder.AddPublishedLedger(halyard);
        var services = builder.Services;
        services.AddSingleton<PublishedReader>();
        services.AddSingleton<LedgerStatus>();
        services.AddSingleton<AlarmRecorder>();
        services.AddSingleton<LogPublisher>();
        services.AddSingleton<AnchorSignal>();
        services.AddSingleton<PublishingService>();
        services.AddSingleton<AnchoringService>();
        services.AddHostedService(provider => provider.GetRequiredService<PublishingService>());
        services.AddHostedService(provider => provider.GetRequiredService<AnchoringService>());
    }

    private static ISigner Signer(IServiceProvider provider, SigningOptions options, string name)
    {
        if (options.Url.Length > 0)
            return new RemoteSigner(new Uri(options.Url.TrimEnd('/') + "/"), SignCommand.ReadToken(options.TokenFile));
        var entropy = provider.GetRequiredService<Entropy>();
        var time = provider.GetRequiredService<TimeProvider>();
        var state = Path.Combine(Path.GetDirectoryName(options.Key)!, "state");
        return new LocalSigner(
            options.Key,
            () => Open(() => KeyRing.Open(options.Key, name, options.Passphrase, entropy, time), state, entropy)
        );
    }

    private static Signer Open(Func<KeyRing> keys, string state, Entropy entropy)
    {
        var ring = keys();
        try
        {
#pragma warning disable CA2000 // The signer disposes both.
            return new Signer(ring, SignerState.Open(state, entropy));
#pragma warning restore CA2000
        }
        catch
        {
            // It is tried again, and a key that nobody uses stays in memory no longer than needed.
            ring.Dispose();
            throw;
        }
    }

    private static IEnumerable<IAnchor> AnchorsOf(AnchoringOptions options, Entropy entropy)
    {
        if (options.Folder.Length > 0)
            yield return new ObjectAnchor("folder", new FolderObjects(options.Folder, entropy));
        if (options.S3.Bucket.Length > 0)
            yield return new ObjectAnchor("s3", S3ObjectStore.Open(options.S3));
        if (options.Webhook.Length > 0)
            yield return new WebhookAnchor(new Uri(options.Webhook));
    }

    private static string Beside(HalyardOptions halyard, string configured, string name) =>
        Path.GetFullPath(
            configured.Length > 0 ? configured : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(halyard.Database))!, name)
        );
}

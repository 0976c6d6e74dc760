using System.Net;
using Halyard.Archive.S3;

namespace Halyard.Server.Hosting;

/// <summary>What an operator can configure about publishing the ledger, under <c>Halyard</c>.</summary>
internal sealed class PublishingOptions
{
    private const string Section = HalyardOptions.Section;

    /// <summary>Where and for whom the ledger is published.</summary>
    public PublishedOptions Publishing { get; set; } = new();

    /// <summary>Who signs.</summary>
    public SigningOptions Signing { get; set; } = new();

    /// <summary>Where checkpoints are held outside the product.</summary>
    public AnchoringOptions Anchoring { get; set; } = new();

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (Signing.Url.Length > 0 && !IsSafe(Signing.Url))
            yield return $"{Section}:Signing:{nameof(Signing.Url)} must be an https address, or http on loopback: a secret is sent to it.";
        if (Signing.Url.Length > 0 && Signing.TokenFile.Length == 0)
            yield return $"{Section}:Signing:{nameof(Signing.TokenFile)} must be set with {nameof(Signing.Url)}.";
        if (Anchoring.IntervalSeconds is < 10 or > 300)
            yield return $"{Section}:Anchoring:{nameof(Anchoring.IntervalSeconds)} must be 10 to 300.";
        if (
            Anchoring.Webhook.Length > 0
            && !(Uri.TryCreate(Anchoring.Webhook, UriKind.Absolute, out var webhook) && webhook.Scheme is "http" or "https")
        )
            yield return $"{Section}:Anchoring:{nameof(Anchoring.Webhook)} must be an http or https address.";
        if (Anchoring.S3.Bucket.Length > 0)
        {
            foreach (var problem in Anchoring.S3.Problems())
                yield return $"{Section}:Anchoring:S3:{problem}";
        }
    }

    private static bool IsSafe(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (
            address.Scheme == "https"
            || (
                address.Scheme == "http"
                && IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip)
                && IPAddress.IsLoopback(ip)
            )
        );
}

/// <summary>Where and for whom the ledger is published.</summary>
internal sealed class PublishedOptions
{
    /// <summary>The folder that the ledger is published in, one folder a log: <c>&lt;tenant&gt;/admin</c>.</summary>
    /// <value>The default value is empty: <c>ledger</c> beside the database.</value>
    public string Folder { get; set; } = "";

    /// <summary>Whether everybody may read <c>/ledger/*</c> without a credential, every tenant's.</summary>
    /// <value>The default value is false: a token with <c>audit.read</c>, for its own tenant.</value>
    public bool Open { get; set; }
}

/// <summary>Who signs checkpoints.</summary>
internal sealed class SigningOptions
{
    /// <summary>The file of the private key, encrypted; made at the first start. What was signed is remembered beside it, in <c>state</c>.</summary>
    /// <value>The default value is empty: <c>signing/key.pem</c> beside the database.</value>
    public string Key { get; set; } = "";

    /// <summary>What encrypts the private key.</summary>
    /// <value>The default value is empty: a random one, kept beside the key.</value>
    public string Passphrase { get; set; } = "";

    /// <summary>The address of a signer in a process of its own; https, or http on loopback.</summary>
    /// <value>The default value is empty: the server signs itself.</value>
    public string Url { get; set; } = "";

    /// <summary>The file with the secret that such a signer asks for.</summary>
    /// <value>The default value is empty.</value>
    public string TokenFile { get; set; } = "";
}

/// <summary>Where checkpoints are held outside the product.</summary>
internal sealed class AnchoringOptions
{
    /// <summary>How often a checkpoint is made and anchored while a log grows, in seconds. 10 to 300.</summary>
    /// <value>The default value is 60.</value>
    public int IntervalSeconds { get; set; } = 60;

    /// <summary>A folder, best on another machine.</summary>
    /// <value>The default value is empty: none.</value>
    public string Folder { get; set; } = "";

    /// <summary>A bucket, best of another account and with Object Lock.</summary>
    /// <value>The default value has no bucket: none.</value>
    public S3ObjectOptions S3 { get; set; } = new();

    /// <summary>An address that each checkpoint is sent to, by POST as text.</summary>
    /// <value>The default value is empty: none.</value>
    public string Webhook { get; set; } = "";
}

namespace Halyard.Archive.S3;

/// <summary>Which part of which bucket, and how it is reached.</summary>
public sealed class S3ObjectOptions
{
    /// <summary>The bucket; it must exist.</summary>
    /// <value>The default value is empty: there is none.</value>
    public string Bucket { get; set; } = "";

    /// <summary>What every key begins with, without a slash at its ends.</summary>
    /// <value>The default value is empty: the whole bucket.</value>
    public string Prefix { get; set; } = "";

    /// <summary>The region.</summary>
    /// <value>The default value is empty: as the environment says it, else <c>us-east-1</c>.</value>
    public string Region { get; set; } = "";

    /// <summary>The address of a service that speaks S3 and is not Amazon's; http or https.</summary>
    /// <value>The default value is empty: Amazon's.</value>
    public string Endpoint { get; set; } = "";

    /// <summary>Whether the bucket stands in the path of an address and not in its host; most other services want it.</summary>
    /// <value>The default value is false.</value>
    public bool PathStyle { get; set; }

    /// <summary>The access key's id, with <see cref="SecretKey"/>.</summary>
    /// <value>The default value is empty: the credentials of the environment, the profile or the machine's role.</value>
    public string AccessKey { get; set; } = "";

    /// <summary>The secret of <see cref="AccessKey"/>.</summary>
    /// <value>The default value is empty.</value>
    public string SecretKey { get; set; } = "";

    /// <summary>What is wrong with the options, each with its name in front.</summary>
    public IEnumerable<string> Problems()
    {
        if (
            Bucket.Length is < 3 or > 63
            || !Bucket.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '-')
        )
            yield return $"{nameof(Bucket)} must be the name of a bucket: 3 to 63 of a-z, 0-9, '.' and '-'.";
        if (Prefix.Length > 0 && !Core.Storage.ObjectPath.IsValid(Prefix))
            yield return $"{nameof(Prefix)} must be a path of letters, digits, '.', '-', '_' and '/'.";
        if (
            Endpoint.Length > 0
            && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        )
            yield return $"{nameof(Endpoint)} must be an http or https address.";
        if (AccessKey.Length == 0 != (SecretKey.Length == 0))
            yield return $"{nameof(AccessKey)} and {nameof(SecretKey)} go together.";
    }
}

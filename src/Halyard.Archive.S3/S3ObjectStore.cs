using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Halyard.Core.Storage;

namespace Halyard.Archive.S3;

/// <summary>Opens object stores on S3 and on services that speak it.</summary>
public static class S3ObjectStore
{
    private const int Retries = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A store on part of a bucket. Nothing is sent before it is used.</summary>
    /// <exception cref="ArgumentException">An option is missing or outside its range.</exception>
    public static IObjectStore Open(S3ObjectOptions options)
    {
        if (options.Problems().FirstOrDefault() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,
            MaxErrorRetry = Retries,
            RetryMode = RequestRetryMode.Standard,
            Timeout = Patience,
            // Other services do not know the newer checksums; TLS and the signature protect what is sent.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint.Length > 0)
        {
            config.ServiceURL = options.Endpoint;
            config.AuthenticationRegion = options.Region.Length > 0 ? options.Region : RegionEndpoint.USEast1.SystemName;
        }
        else if (options.Region.Length > 0)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
#pragma warning disable CA2000 // The store disposes it.
        var client =
            options.AccessKey.Length > 0
                ? new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config)
                : new AmazonS3Client(config);
#pragma warning restore CA2000
        return new S3Objects(client, options.Bucket, options.Prefix);
    }
}

using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Halyard.Core.Storage;

namespace Halyard.Archive.S3;

/// <summary>
/// Objects in a bucket. Creation is one conditional request (<c>If-None-Match: *</c>), so that of several writers one wins, whatever
/// they know of each other; a bucket with Object Lock keeps what they wrote.
/// </summary>
internal sealed class S3Objects(IAmazonS3 client, string bucket, string prefix) : IObjectStore, IDisposable
{
    // A conflict of two conditional requests in flight: neither was refused for good, so the same may be asked again.
    private const int MaxConflicts = 8;

    private readonly string _before = prefix.Length == 0 ? "" : prefix + "/";

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = bucket, Key = KeyOf(path) };
        try
        {
            using var response = await client.GetObjectAsync(request, cancellationToken);
            // The length that is announced bounds what is read: the stream ends there or throws.
            if (response.ContentLength is < 0 or > IObjectStore.MaxBytes)
                throw new InvalidDataException($"'{path}' has more than {IObjectStore.MaxBytes} bytes.");
            var content = new byte[response.ContentLength];
            await response.ResponseStream.ReadExactlyAsync(content, cancellationToken);
            return content;
        }
        catch (AmazonS3Exception absent) when (absent.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Creation> CreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                await PutAsync(path, content, ifNoneMatch: "*", cancellationToken);
                return Creation.Created;
            }
            catch (AmazonS3Exception there) when (there.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                // Ours too where an answer was lost and the SDK sent the request again.
                var before = await ReadAsync(path, cancellationToken);
                if (before is not null)
                    return content.Span.SequenceEqual(before) ? Creation.Same : Creation.Different;
                if (conflicts == MaxConflicts)
                    throw;
            }
            catch (AmazonS3Exception busy) when (busy.StatusCode == HttpStatusCode.Conflict && conflicts < MaxConflicts)
            {
                // Asked again.
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await PutAsync(path, content, ifNoneMatch: null, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
        await client.DeleteObjectAsync(bucket, KeyOf(path), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Keys come in the order of their UTF-8 bytes, which for these characters is ordinal.
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = _before + ObjectPath.CheckedPrefix(prefix) };
        do
        {
            var page = await client.ListObjectsV2Async(request, cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                // Others may keep what is no path of ours in the same bucket.
                if (ObjectPath.IsValid(found.Key[_before.Length..]))
                    yield return found.Key[_before.Length..];
            }
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        } while (request.ContinuationToken is not null);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => client.Dispose();

    private string KeyOf(string path) => _before + ObjectPath.Checked(path);

    private async ValueTask PutAsync(
        string path,
        ReadOnlyMemory<byte> content,
        string? ifNoneMatch,
        CancellationToken cancellationToken
    )
    {
        var key = KeyOf(path);
        ObjectPath.CheckContent(content);
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = key,
            InputStream = stream,
            IfNoneMatch = ifNoneMatch,
            UseChunkEncoding = false,
        };
        await client.PutObjectAsync(request, cancellationToken);
    }
}

using Amazon.S3;
using Halyard.Archive.S3;
using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Objects;
using Halyard.Testing;

namespace Halyard.Storage.Tests.S3;

/// <summary>The bucket keeps the same promises as the folder, against a server that speaks S3.</summary>
public sealed class S3ObjectsTests(Moto moto) : ObjectStoreConformance, IClassFixture<Moto>
{
    private readonly string _bucket = Entropy.System.NewId("bucket").Replace('_', '-');
    private readonly List<IDisposable> _opened = [];

    public override ValueTask DisposeAsync()
    {
        _opened.ForEach(opened => opened.Dispose());
        return base.DisposeAsync();
    }

    [Fact]
    public async Task Prefixes_OfOneBucket_SeeNothingOfEachOther()
    {
        var (one, other) = (Part("one"), Part("on"));
        await one.CreateAsync("a", "1"u8.ToArray(), Cancellation);

        (await other.ReadAsync("a", Cancellation)).ShouldBeNull();
        (await other.CreateAsync("a", "2"u8.ToArray(), Cancellation)).ShouldBe(Creation.Created);
        (await one.ReadAsync("a", Cancellation)).ShouldBe("1"u8.ToArray());
        (await ListAsync("")).ShouldBe(["on/a", "one/a"]);
    }

    [Fact]
    public async Task Bucket_ThatDoesNotExist_IsAnErrorAndNotAnEmptyStore()
    {
        var store = S3ObjectStore.Open(Options("", "no-such-bucket-at-all"));

        await Should.ThrowAsync<AmazonS3Exception>(async () => await store.ReadAsync("a", Cancellation));
        await Should.ThrowAsync<AmazonS3Exception>(async () => await store.CreateAsync("a", "1"u8.ToArray(), Cancellation));
    }

    [Theory]
    [InlineData("", "", "", "", "", "Bucket")]
    [InlineData("UPPER", "", "", "", "", "Bucket")]
    [InlineData("bucket", "../up", "", "", "", "Prefix")]
    [InlineData("bucket", "up/", "", "", "", "Prefix")]
    [InlineData("bucket", "", "ftp://x", "", "", "Endpoint")]
    [InlineData("bucket", "", "", "id", "", "AccessKey")]
    [InlineData("bucket", "", "", "", "secret", "AccessKey")]
    public void Option_OutsideItsRange_IsRefusedByName(
        string bucket,
        string prefix,
        string endpoint,
        string accessKey,
        string secretKey,
        string name
    )
    {
        var options = new S3ObjectOptions
        {
            Bucket = bucket,
            Prefix = prefix,
            Endpoint = endpoint,
            AccessKey = accessKey,
            SecretKey = secretKey,
        };

        options.Problems().ShouldHaveSingleItem().ShouldStartWith(name);
        Should.Throw<ArgumentException>(() => S3ObjectStore.Open(options));
    }

    protected override async ValueTask<IObjectStore> OpenAsync()
    {
        var options = Options("");
        using var client = new AmazonS3Client(
            options.AccessKey,
            options.SecretKey,
            new AmazonS3Config { ServiceURL = options.Endpoint, ForcePathStyle = true }
        );
        await client.PutBucketAsync(_bucket, Cancellation);
        return Part("");
    }

    private IObjectStore Part(string prefix)
    {
        var store = S3ObjectStore.Open(Options(prefix));
        _opened.Add((IDisposable)store);
        return store;
    }

    private S3ObjectOptions Options(string prefix, string? bucket = null) =>
        new()
        {
            Bucket = bucket ?? _bucket,
            Prefix = prefix,
            Region = "us-east-1",
            Endpoint = moto.RequireAddress(),
            PathStyle = true,
            AccessKey = "test",
            SecretKey = "test",
        };
}

using Amazon.DynamoDBv2.Model;
using Halyard.Core;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Conformance;
using Halyard.Storage.DynamoDb.Privacy;
using Halyard.Testing;

namespace Halyard.Storage.Tests.DynamoDb;

[Collection(DynamoDbCollection.Name)]
public sealed class DynamoDbSubjectKeysTests(Moto moto) : SubjectKeysConformance, IAsyncLifetime
{
    private DynamoStore? _store;
    private DynamoDbSubjectKeys? _keys;

    protected override ISubjectKeys Keys => _keys.ShouldNotBeNull();

    public async ValueTask InitializeAsync()
    {
        _store = await DynamoStore.OpenAsync(moto);
        _keys = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _keys!.Dispose();
        await _store!.DisposeAsync();
    }

    [Fact]
    public async Task Keys_OfAnotherServer_AreTheSame()
    {
        var made = (await Keys.EnsureAsync("default", [new("s_1", null)], Cancellation))[0];
        using var other = await OpenAsync();

        (await other.FindAsync("default", ["s_1"], Cancellation))["s_1"].ShouldBe(made.Key);
        (await other.DirectoryKeyAsync(Cancellation)).ShouldBe(await Keys.DirectoryKeyAsync(Cancellation));
    }

    [Fact]
    public async Task Keys_InTheTable_AreWrapped()
    {
        var made = (await Keys.EnsureAsync("default", [new("s_1", null)], Cancellation))[0];
        using var client = _store!.Connect();
        var items = (await client.ScanAsync(new ScanRequest(_store.Options.KeysTableName), Cancellation)).Items;
        var bytes = items
            .SelectMany(item => item.Values)
            .Where(value => value.B is not null)
            .Select(value => value.B.ToArray())
            .ToList();
        bytes.Count.ShouldBe(2);
        bytes.Exists(wrapped => wrapped.AsSpan().IndexOf(made.Key!) >= 0).ShouldBeFalse();
    }

    [Fact]
    public async Task KeyFile_ThatIsMissingOrAnother_IsRefused()
    {
        var file = _store!.Options.KeyFile;
        File.Delete(file);
        (await Should.ThrowAsync<IOException>(OpenAsync)).Message.ShouldContain("is missing");
        File.Exists(file).ShouldBeFalse();

        WrappingKeyFile.Create(file, Entropy.System);
        (await Should.ThrowAsync<IOException>(OpenAsync)).Message.ShouldContain("not the one");
    }

    private Task<DynamoDbSubjectKeys> OpenAsync() =>
        DynamoDbSubjectKeys.OpenAsync(_store!.Options, TimeProvider.System, Entropy.System, Cancellation);
}

using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Copying;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.DynamoDb;
using Halyard.Storage.DynamoDb.Copying;
using Halyard.Storage.DynamoDb.Privacy;
using Halyard.Storage.Tests.Copying;
using Halyard.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Storage.Tests.DynamoDb;

[Collection(DynamoDbCollection.Name)]
public sealed class DynamoDbCopyTests(Moto moto) : StoreCopyTests
{
    // The stand-in answers one request after the other, some milliseconds each.
    protected override int Sequences => 3;

    protected override async Task<CopyPlace> NewPlaceAsync() => await DynamoPlace.NewAsync(moto);

    [Fact]
    public async Task SourceThatAServerWritesTo_IsRefusedAtTheEnd()
    {
        await using var first = await DynamoPlace.NewAsync(moto);
        await using var second = new SqlitePlace();
        await first.UseAsync(async store =>
        {
            await store.CommitAsync(new CommitBuilder().Build(), default);
            var written = false;
            var copy = new StoreCopy(first.Copies, second.Copies);
            var refused = await Should.ThrowAsync<IOException>(async () =>
                await copy.RunAsync(
                    _ =>
                    {
                        if (!written)
                            store.CommitAsync(new CommitBuilder().Build(), default).AsTask().GetAwaiter().GetResult();
                        written = true;
                    },
                    default
                )
            );
            refused.Message.ShouldContain("was written while it was copied");
        });
    }

    [Fact]
    public async Task TableThatIsMissing_IsNotMadeToBeCopiedFrom()
    {
        await using var place = await DynamoPlace.NewAsync(moto);
        var missing = place.Options with { TableName = Entropy.System.NewId("t") };
        var copies = new DynamoDbCopies(missing, TimeProvider.System, Entropy.System);
        (await Should.ThrowAsync<IOException>(async () => await copies.OpenSourceAsync(default))).Message.ShouldContain(
            "There is no table"
        );
    }
}

/// <summary>Tables of its own, that go away with it.</summary>
internal sealed class DynamoPlace : CopyPlace
{
    private readonly DynamoStore _tables;

    private DynamoPlace(DynamoStore tables) => _tables = tables;

    public DynamoDbStoreOptions Options => _tables.Options;

    public override IStoreCopies Copies => new DynamoDbCopies(Options, TimeProvider.System, Entropy.System);

    public static async Task<DynamoPlace> NewAsync(Moto moto) => new(await DynamoStore.OpenAsync(moto));

    public override async Task<IStore> OpenAsync() =>
        await DynamoDbStore.OpenAsync(Options, TimeProvider.System, Entropy.System, NullLogger.Instance, default);

    public override async Task<ISubjectKeys> OpenKeysAsync() =>
        await DynamoDbSubjectKeys.OpenAsync(Options, TimeProvider.System, Entropy.System, default);

    public override ValueTask DisposeAsync() => _tables.DisposeAsync();
}

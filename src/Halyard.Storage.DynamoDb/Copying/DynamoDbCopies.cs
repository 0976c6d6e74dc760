using Halyard.Core;
using Halyard.Core.Storage.Copying;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Privacy;

namespace Halyard.Storage.DynamoDb.Copying;

/// <summary>Copies from and to a DynamoDB table and that of its keys.</summary>
internal sealed class DynamoDbCopies(DynamoDbStoreOptions options, TimeProvider time, Entropy entropy) : IStoreCopies
{
    private const string Name = "name";

    /// <summary>Refuses what is still being copied to.</summary>
    /// <exception cref="IOException">The copy is not whole.</exception>
    public static async ValueTask RequireWholeAsync(Table table, CancellationToken cancellationToken)
    {
        if (await table.GetAsync(Keys.Copying, cancellationToken) is not null)
            throw new IOException(
                $"The table '{table.Name}' is the target of a copy that is not whole. Let 'store copy' finish it first."
            );
    }

    /// <inheritdoc/>
    public ValueTask<IStoreSource> OpenSourceAsync(CancellationToken cancellationToken) =>
        OpenAsync<IStoreSource>(
            mayMake: false,
            async (table, keys) =>
            {
                await RequireWholeAsync(table, cancellationToken);
                return await DynamoDbSource.OpenAsync(table, keys, cancellationToken);
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IStoreTarget> OpenTargetAsync(string copy, CancellationToken cancellationToken) =>
        OpenAsync<IStoreTarget>(
            mayMake: true,
            async (table, keys) =>
            {
                if (!await BeginAsync(table, keys, copy, cancellationToken))
                    throw new IOException(
                        $"The table '{options.TableName}' is not empty, and not the unfinished target of a copy of this source as it is "
                            + $"now. Name another, or delete it with '{options.KeysTableName}'."
                    );
                return await DynamoDbTarget.OpenAsync(table, keys, entropy, cancellationToken);
            },
            cancellationToken
        );

    /// <summary>Whether the tables are empty, or those of this copy; they then are that.</summary>
    private static async ValueTask<bool> BeginAsync(
        Table table,
        DynamoDbSubjectKeys keys,
        string copy,
        CancellationToken cancellationToken
    )
    {
        var begun = await table.GetAsync(Keys.Copying, cancellationToken);
        if (begun is not null)
            return begun.Text(Name) == copy;
        if (!await table.IsEmptyAsync(cancellationToken) || !await keys.IsEmptyAsync(cancellationToken))
            return false;
        // Of two that begin at once one does, also where it is told so twice.
        await table.PutAsync(new Item(Keys.Copying).With(Name, copy), Condition.Absent, cancellationToken);
        return (await table.GetAsync(Keys.Copying, cancellationToken))?.Text(Name) == copy;
    }

    /// <summary>Of the keys an empty table is made where there is none: without them all is there but personal values.</summary>
    private async ValueTask<T> OpenAsync<T>(
        bool mayMake,
        Func<Table, DynamoDbSubjectKeys, ValueTask<T>> open,
        CancellationToken cancellationToken
    )
    {
        var main = options with { CreateTables = mayMake && options.CreateTables };
#pragma warning disable CA2000 // The source or target disposes of both; where none comes about this does.
        var table = await Opening.OpenAsync(main, main.TableName, withTimers: true, time, entropy, cancellationToken);
        DynamoDbSubjectKeys? keys = null;
        try
        {
            keys = await DynamoDbSubjectKeys.OpenAsync(options, time, entropy, cancellationToken);
#pragma warning restore CA2000
            return await open(table, keys);
        }
        catch
        {
            keys?.Dispose();
            table.Dispose();
            throw;
        }
    }
}

using Halyard.Core.Audit;
using Halyard.Ledger;

namespace Halyard.Core.Storage.Copying;

/// <summary>What an adapter offers so that whole stores can be copied: from it to any other, and from any other to it.</summary>
public interface IStoreCopies
{
    /// <summary>Opens the store to be read as of one moment.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    ValueTask<IStoreSource> OpenSourceAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Opens the store to be filled. From then on nobody can open it otherwise, until <see cref="IStoreTarget.FinishAsync"/>.
    /// </summary>
    /// <param name="copy">Names the copy: what one of another name began, or somebody else wrote, is refused.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="IOException">It cannot be opened, or is not empty.</exception>
    ValueTask<IStoreTarget> OpenTargetAsync(string copy, CancellationToken cancellationToken);
}

/// <summary>A store of which all can be read, as of the moment at which it was opened. One caller at a time.</summary>
public interface IStoreSource : IAsyncDisposable
{
    /// <summary>Every tenant that anything is kept of, in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken);

    /// <summary>The head of a tenant's log, or <see langword="null"/> where it has no entry.</summary>
    ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>The entries from a multiple of <see cref="Audit.Searching.EntrySet.BlockSize"/> on, as many as a block has or there are.</summary>
    ValueTask<IReadOnlyList<CopiedEntry>> BlockAsync(string tenant, long first, CancellationToken cancellationToken);

    /// <summary>The content of a blob, or <see langword="null"/>.</summary>
    ValueTask<byte[]?> BlobAsync(string tenant, Digest digest, CancellationToken cancellationToken);

    /// <summary>The rows of a section after one of them, or the first.</summary>
    /// <param name="tenant">Whose; of no meaning for <see cref="Section.OfKeys"/>.</param>
    /// <param name="section">The section.</param>
    /// <param name="after">The row (its key is enough) that the page begins after, or <see langword="null"/>.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IReadOnlyList<object?[]>> RowsAsync(
        string tenant,
        Section section,
        object?[]? after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>The last fence that was given to somebody who took a timer.</summary>
    ValueTask<long> TimerFenceAsync(CancellationToken cancellationToken);

    /// <summary>Whether a log was written since the source was opened.</summary>
    ValueTask<bool> WasWrittenAsync(CancellationToken cancellationToken);
}

/// <summary>A store that is being filled. One caller at a time; what a call wrote is durable when it returns.</summary>
public interface IStoreTarget : IAsyncDisposable
{
    /// <summary>How far a tenant's log has come, or <see langword="null"/> where it has no entry yet.</summary>
    ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Adds the next entries of a log: one block, or what is left of one.</summary>
    /// <param name="head">The head after them.</param>
    /// <param name="entries">The entries, with their facets.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask AddAsync(LogHead head, IReadOnlyList<CopiedEntry> entries, CancellationToken cancellationToken);

    /// <summary>The last blob in the order of digests, or <see langword="null"/> where there is none yet.</summary>
    ValueTask<Digest?> LastBlobAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Removes every row of a section, of one tenant or (<see cref="Section.OfKeys"/>) of all.</summary>
    ValueTask ClearAsync(string tenant, Section section, CancellationToken cancellationToken);

    /// <summary>Adds rows to a section; none of them is there yet.</summary>
    ValueTask WriteAsync(string tenant, Section section, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken);

    /// <summary>Sees to it that the next fence given to somebody who takes a timer is larger than this.</summary>
    ValueTask LiftTimerFenceAsync(long value, CancellationToken cancellationToken);

    /// <summary>The copy is whole: the store can be opened from now on.</summary>
    ValueTask FinishAsync(CancellationToken cancellationToken);
}

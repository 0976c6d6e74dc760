namespace Halyard.Ledger;

/// <summary>What an archive is held against.</summary>
/// <param name="Origin">The log's name.</param>
/// <param name="Keys">The log's keys, from elsewhere; null says nothing of who signed.</param>
public sealed record ArchiveQuestion(string Origin, LogKeys? Keys)
{
    /// <summary>A checkpoint held from earlier, the bytes of a signed note: the log must begin with that one.</summary>
    public byte[]? Since { get; init; }

    /// <summary>Whether content that entries name is looked for.</summary>
    public bool Blobs { get; init; } = true;

    /// <summary>Is told now and then how many entries are done and how many there are.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Is given each entry that is there, with its index, in order, once it is known to be the one in the tile.</summary>
    public Action<long, ReadOnlyMemory<byte>>? Entry { get; init; }

    /// <summary>
    /// Runs as many steps as it is told, which do not depend on each other, and returns when all are done. One after the other
    /// unless the caller, who knows the machine, gives better.
    /// </summary>
    public Action<int, Action<int>> RunSteps { get; init; } = InTurn;

    private static void InTurn(int count, Action<int> step)
    {
        for (var i = 0; i < count; i++)
            step(i);
    }
}

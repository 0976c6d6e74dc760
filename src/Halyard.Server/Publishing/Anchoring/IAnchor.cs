using Halyard.Ledger;

namespace Halyard.Server.Publishing.Anchoring;

/// <summary>
/// A place outside the product that holds checkpoints: what is older than the last one there cannot be rewritten unnoticed, even by
/// whoever controls database and signer.
/// </summary>
internal interface IAnchor
{
    /// <summary>Its name in the status and in its cursor.</summary>
    string Name { get; }

    /// <summary>Hands over a checkpoint. The same one may come again.</summary>
    /// <param name="path">What it is called: <c>&lt;tenant&gt;/admin/checkpoints/&lt;size&gt;</c>.</param>
    /// <param name="note">The checkpoint as it was published.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LedgerAlarmException">Another checkpoint of that size is there: the log forked.</exception>
    ValueTask AnchorAsync(string path, Note note, CancellationToken cancellationToken);
}

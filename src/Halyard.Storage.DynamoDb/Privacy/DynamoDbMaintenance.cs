using Halyard.Core.Storage;

namespace Halyard.Storage.DynamoDb.Privacy;

/// <summary>
/// What an operator does while no server runs: here nothing. An item that is deleted or replaced is gone from its table; what
/// point-in-time recovery and backups still hold is said in <c>docs/dynamodb.md</c>.
/// </summary>
internal sealed class DynamoDbMaintenance : IMaintenance
{
    /// <inheritdoc/>
    public void Compact()
    {
        // A table has no file in which something deleted could remain.
    }
}

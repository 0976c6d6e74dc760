namespace Halyard.Storage.DynamoDb.Native;

/// <summary>Bytes that are too many for one item, cut.</summary>
internal static class Pieces
{
    /// <summary>An item has at most 400 KB, its keys and other attributes included.</summary>
    public const int MaxBytes = 300_000;

    /// <summary>At least one piece.</summary>
    public static List<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> bytes)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        do
        {
            var piece = bytes[..Math.Min(bytes.Length, MaxBytes)];
            pieces.Add(piece);
            bytes = bytes[piece.Length..];
        } while (bytes.Length > 0);
        return pieces;
    }
}

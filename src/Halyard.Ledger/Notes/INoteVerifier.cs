namespace Halyard.Ledger;

/// <summary>Checks the signatures of one key.</summary>
public interface INoteVerifier
{
    /// <summary>The key's name; for a log the origin of its checkpoints.</summary>
    string Name { get; }

    /// <summary>Tells apart keys of one name; no security rests on it.</summary>
    uint KeyId { get; }

    /// <summary>True when this key signed the text. Never throws for a malformed signature.</summary>
    /// <param name="text">The note's text in UTF-8.</param>
    /// <param name="signature">The signature without the key id.</param>
    bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature);
}

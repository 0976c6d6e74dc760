namespace Halyard.Core.Storage;

/// <summary>What an operator does with a store while no server has it open.</summary>
public interface IMaintenance
{
    /// <summary>Leaves nothing of what was deleted in any file of the store or of its keys.</summary>
    /// <exception cref="IOException">Somebody has the store open, or it cannot be written.</exception>
    void Compact();
}

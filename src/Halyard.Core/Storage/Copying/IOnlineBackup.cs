namespace Halyard.Core.Storage.Copying;

/// <summary>Where an adapter can write a whole store to files of its own kind while a server has it open.</summary>
public interface IOnlineBackup
{
    /// <summary>
    /// Writes the store, as of one moment, to a SQLite file, and the keys of subjects, as of a later one, to the file of that name with
    /// <c>.keys</c> behind it. Both can be read by their owner alone, and are on the disk when it returns.
    /// </summary>
    /// <exception cref="IOException">A file exists, or cannot be written.</exception>
    void BackUp(string file);
}

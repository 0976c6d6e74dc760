using System.Text;
using Halyard.Core;
using Halyard.Ledger;
using Halyard.Server.Disk;
using Halyard.Server.Publishing.Objects;

namespace Halyard.Server.Publishing.Signing;

/// <summary>
/// What was signed last for each log: a file a log, the signed note itself. One process has the folder, and within it a log has one
/// writer at a time, so comparing and then replacing a file is one step; a file replaced whole and flushed survives a power cut.
/// </summary>
/// <remarks>A folder of notes rather than a database: the signer then needs no driver, and an operator can read and check its state.</remarks>
internal sealed class SignerState : IDisposable
{
    private readonly FolderObjects _notes;
    private readonly FileStream _lock;

    private SignerState(FolderObjects notes, FileStream held)
    {
        _notes = notes;
        _lock = held;
    }

    /// <summary>Opens a folder, which is made where there is none.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public static SignerState Open(string folder, Entropy entropy)
    {
        Durable.CreateDirectory(Path.GetFullPath(folder));
        var path = Path.Combine(folder, "~lock");
        try
        {
            var held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new SignerState(new FolderObjects(folder, entropy), held);
        }
        catch (IOException problem) when (problem is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new IOException(
                $"The signer's state '{folder}' is in use by another process; two signers would sign two histories.",
                problem
            );
        }
    }

    /// <summary>What was signed last, or <see langword="null"/> where nothing was.</summary>
    /// <exception cref="InvalidDataException">The file was damaged: nothing can be signed safely.</exception>
    public async ValueTask<(Note Note, Checkpoint Checkpoint)?> LastAsync(string origin, CancellationToken cancellationToken)
    {
        if (await _notes.ReadAsync(PathOf(origin), cancellationToken) is not { } bytes)
            return null;
        if (
            !Note.TryParse(bytes, out var note, out var problem)
            || !Checkpoint.TryParse(note.Text, out var checkpoint, out problem)
        )
            throw new InvalidDataException($"What was signed last for '{origin}' cannot be read: {problem}.");
        return checkpoint.Origin == origin
            ? (note, checkpoint)
            : throw new InvalidDataException($"What was signed last for '{origin}' is of '{checkpoint.Origin}'.");
    }

    /// <summary>Remembers what is about to be given out; durable when it returns.</summary>
    public ValueTask RememberAsync(string origin, Note note, CancellationToken cancellationToken) =>
        _notes.ReplaceAsync(PathOf(origin), note.ToBytes(), cancellationToken);

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => _lock.Dispose();

    // An origin has characters that a path has not.
    private static string PathOf(string origin) => Digest.Of(Encoding.UTF8.GetBytes(origin)).ToHex();
}

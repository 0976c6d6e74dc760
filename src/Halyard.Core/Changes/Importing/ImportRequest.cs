using Halyard.Core.Access;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes.Importing;

/// <summary>Asks for a file of past changes to be loaded into a project without flags.</summary>
/// <param name="Actor">Who imports, as the server established it.</param>
/// <param name="Request">Where the request came from.</param>
/// <param name="Project">The project's key.</param>
/// <param name="File">The whole file.</param>
/// <param name="Reason">Why it is imported, at most <see cref="Change.MaxReason"/> characters.</param>
public sealed record ImportRequest(Actor Actor, RequestContext Request, string Project, ReadOnlyMemory<byte> File, string Reason);

/// <summary>What an import tells on its way, in the order of its cases; <see cref="Refused"/> may come at any point and is the last.</summary>
public abstract record ImportEvent
{
    private ImportEvent() { }

    /// <summary>Every line can be imported; nothing is written yet.</summary>
    /// <param name="Lines">How many lines the file has.</param>
    /// <param name="ResumedFrom">How many of them an earlier attempt imported.</param>
    public sealed record Validated(long Lines, long ResumedFrom) : ImportEvent;

    /// <summary>The first <paramref name="Done"/> lines are durable.</summary>
    public sealed record Progress(long Done, long Lines) : ImportEvent;

    /// <summary>Every line is an entry.</summary>
    /// <param name="Lines">How many lines the file has.</param>
    /// <param name="ResumedFrom">How many of them an earlier attempt imported.</param>
    /// <param name="Receipt">Of the entry that says that the import finished.</param>
    public sealed record Finished(long Lines, long ResumedFrom, Receipt Receipt) : ImportEvent;

    /// <summary>The same file was imported into this project before; nothing was written.</summary>
    public sealed record AlreadyImported(long Lines) : ImportEvent;

    /// <summary>
    /// It cannot go on. Before <see cref="Validated"/> nothing was written; after it what was reported as done stays, and the same
    /// file resumes from there.
    /// </summary>
    public sealed record Refused(Error Error) : ImportEvent;
}

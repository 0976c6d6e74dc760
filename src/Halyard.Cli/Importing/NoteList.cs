namespace Halyard.Cli.Importing;

/// <summary>Collects a reader's notes.</summary>
internal sealed class NoteList
{
    private readonly List<ImportNote> _notes = [];

    /// <summary>All notes so far, in order.</summary>
    public IReadOnlyList<ImportNote> Notes => _notes;

    /// <summary>The flag cannot be created at all.</summary>
    public void LeaveOutFlag(string flag, string pointer, string what) =>
        _notes.Add(new ImportNote(Subject.Flag, flag, null, pointer, what, Loss.Evaluation));

    /// <summary>The flag is left off in one environment.</summary>
    public void LeaveOff(string flag, string environment, string pointer, string what) =>
        _notes.Add(new ImportNote(Subject.Flag, flag, environment, pointer, what, Loss.Evaluation));

    /// <summary>In one environment the source answers some users by chance; the flag is left off there unless that is accepted.</summary>
    public void LoseChance(string flag, string environment, string pointer, string what) =>
        _notes.Add(new ImportNote(Subject.Flag, flag, environment, pointer, what, Loss.Chance));

    /// <summary>The segment cannot be created.</summary>
    public void LeaveOutSegment(string segment, string pointer, string what) =>
        _notes.Add(new ImportNote(Subject.Segment, segment, null, pointer, what, Loss.Evaluation));

    /// <summary>Something of a flag is lost that no evaluation depends on.</summary>
    public void LoseWords(string flag, string pointer, string what) =>
        _notes.Add(new ImportNote(Subject.Flag, flag, null, pointer, what, Loss.Words));

    /// <summary>Something of the file is lost that no evaluation depends on.</summary>
    public void LoseFileWords(string pointer, string what) =>
        _notes.Add(new ImportNote(Subject.File, "", null, pointer, what, Loss.Words));
}

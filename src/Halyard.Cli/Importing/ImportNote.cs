namespace Halyard.Cli.Importing;

/// <summary>What is lost with a construct of the source.</summary>
internal enum Loss
{
    /// <summary>Nothing that any evaluation depends on: a description, metadata. The caller may accept it.</summary>
    Words,

    /// <summary>
    /// The source answers by chance whoever lacks what it hashes, another answer each time; Halyard always gives them the same.
    /// All other evaluations are exact. The caller may accept it.
    /// </summary>
    Chance,

    /// <summary>Evaluations would differ. What the note is about is left out; nobody can accept it.</summary>
    Evaluation,
}

/// <summary>What a note is about.</summary>
internal enum Subject
{
    Flag,
    Segment,

    /// <summary>The file as a whole; loses words only.</summary>
    File,
}

/// <summary>One construct of the source that has no exact equivalent.</summary>
/// <param name="Subject">What it belongs to.</param>
/// <param name="Key">The key of the flag or segment, as the source writes it; empty for the file.</param>
/// <param name="Environment">The source's environment, or <see langword="null"/> where it concerns all of them.</param>
/// <param name="Pointer">Where in the source, as an RFC 6901 pointer (in YAML, into what it means in JSON).</param>
/// <param name="What">The construct, in words for people, without a full stop.</param>
/// <param name="Loss">What is lost.</param>
internal sealed record ImportNote(Subject Subject, string Key, string? Environment, string Pointer, string What, Loss Loss)
{
    /// <summary>Whether the caller accepts the loss, so that nothing is left out for it.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>What follows, in words for people.</summary>
    public string Consequence =>
        (Subject, Loss, Environment) switch
        {
            (_, Loss.Words, _) when IsAccepted => "lost, as --accept-losses allows; no evaluation depends on it",
            (_, Loss.Chance, _) when IsAccepted => "imported so, as --accept-chance allows",
            (Subject.File, _, _) => "it is not imported",
            (_, Loss.Words, _) => "left out unless --accept-losses is given; no evaluation depends on it",
            (_, Loss.Chance, _) => "the flag is left off in this environment unless --accept-chance is given",
            (Subject.Segment, _, _) => "the segment is not imported, and no configuration that uses it",
            (_, _, null) => "the flag is not imported",
            _ => "the flag is left off in this environment",
        };
}

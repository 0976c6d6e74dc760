namespace Halyard.Ledger;

/// <summary>What the check of a note's signatures found.</summary>
public abstract record NoteVerdict
{
    private NoteVerdict() { }

    /// <summary>At least one known key signed the note, and no signature of a known key is bad.</summary>
    /// <param name="By">Each known key that signed, once, in the order of the lines.</param>
    public sealed record Verified(IReadOnlyList<INoteVerifier> By) : NoteVerdict;

    /// <summary>None of the keys that signed is known, so nothing can be said.</summary>
    public sealed record NoKnownKey : NoteVerdict;

    /// <summary>A signature in the name of a known key is not that key's.</summary>
    /// <param name="Key">Name and id of the key, as in <c>name+0123abcd</c>.</param>
    public sealed record BadSignature(string Key) : NoteVerdict;

    /// <summary>Two of the given keys have the name and id of one signature.</summary>
    /// <param name="Key">Name and id, as in <c>name+0123abcd</c>.</param>
    public sealed record AmbiguousKey(string Key) : NoteVerdict;
}

using System.Text;

namespace Halyard.Ledger;

internal static class NoteCheck
{
    public static NoteVerdict Run(Note note, IReadOnlyList<INoteVerifier> known)
    {
        var text = Encoding.UTF8.GetBytes(note.Text);
        var by = new List<INoteVerifier>();
        foreach (var signature in note.Signatures)
        {
            var keys = known.Where(key => key.KeyId == signature.KeyId && key.Name == signature.Name).Take(2).ToList();
            if (keys.Count == 0)
                continue;
            var label = $"{signature.Name}+{signature.KeyId:x8}";
            if (keys.Count > 1)
                return new NoteVerdict.AmbiguousKey(label);
            if (!keys[0].Verify(text, signature.Bytes))
                return new NoteVerdict.BadSignature(label);
            if (!by.Contains(keys[0]))
                by.Add(keys[0]);
        }
        return by.Count > 0 ? new NoteVerdict.Verified(by) : new NoteVerdict.NoKnownKey();
    }
}

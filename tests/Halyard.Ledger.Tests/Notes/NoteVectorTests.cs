using System.Text;
using System.Text.Json;
using Halyard.Testing;

namespace Halyard.Ledger.Tests.Notes;

/// <summary>The notes of Go's and C2SP's own tests and the checkpoints of a published log: what opens, what does not, and why.</summary>
public sealed class NoteVectorTests
{
    private const string Neumann = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    [Fact]
    public void Open_PublishedNotes_SaysWhatWasPublished()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Suites.Require("signed-note/vectors.json")));
        var cases = document.RootElement.GetProperty("open_cases").EnumerateArray().ToList();
        cases.Count.ShouldBe(30);
        foreach (var vector in cases)
        {
            var name = vector.GetProperty("name").GetString();
            var known = vector.GetProperty("verifier_keys").EnumerateArray().Select(key => Key(key.GetString()!)).ToList();
            Open(vector.GetProperty("message").GetString()!, known).ShouldBe(vector.GetProperty("expect").GetString(), name);
            if (vector.GetProperty("verified") is not { ValueKind: JsonValueKind.Array } verified)
                continue;
            Note.TryParse(Encoding.UTF8.GetBytes(vector.GetProperty("message").GetString()!), out var note, out _).ShouldBeTrue();
            var by = note.Verify(known).ShouldBeOfType<NoteVerdict.Verified>().By.Select(key => key.Name).ToList();
            by.ShouldBe(verified.EnumerateArray().Select(each => each.GetString()), name);
            note.Signatures.Select(signature => signature.Name)
                .Except(by, StringComparer.Ordinal)
                .ShouldBe(vector.GetProperty("unverified").EnumerateArray().Select(each => each.GetString()), name);
            note.ToString().ShouldBe(vector.GetProperty("message").GetString(), name);
        }
    }

    [Fact]
    public void Read_PublishedBadKeys_AreRefused()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Suites.Require("signed-note/vectors.json")));
        // The last is a rule in words, the next test.
        var keys = document
            .RootElement.GetProperty("bad_verifier_keys")
            .EnumerateArray()
            .Select(key => key.GetString()!)
            .ToList();
        foreach (var vkey in keys[..^1])
            NoteKey.TryParse(vkey, out _, out _).ShouldBeFalse(vkey);
    }

    [Fact]
    public void Read_KeyCutOrAlteredAnywhere_IsRefused()
    {
        NoteKey.TryParse(Neumann, out var key, out _).ShouldBeTrue();
        key.ToString().ShouldBe(Neumann);
        for (var at = 0; at < Neumann.Length; at++)
        {
            NoteKey.TryParse(Neumann[..at], out _, out _).ShouldBeFalse(Neumann[..at]);
            if (at > 0)
                NoteKey.TryParse(Neumann[at..], out _, out _).ShouldBeFalse(Neumann[at..]);
            var altered = Neumann[..at] + (char)(Neumann[at] + 1) + Neumann[(at + 1)..];
            NoteKey.TryParse(altered, out _, out _).ShouldBeFalse(altered);
        }
    }

    private static Ed25519 Key(string vkey)
    {
        NoteKey.TryParse(vkey, out var key, out var problem).ShouldBeTrue(problem);
        key.CreateVerifier().ShouldBeNull();
        return new Ed25519(key);
    }

    private static string Open(string message, IReadOnlyList<INoteVerifier> known) =>
        !Note.TryParse(Encoding.UTF8.GetBytes(message), out var note, out _)
            ? "error: malformed note"
            : note.Verify(known) switch
            {
                NoteVerdict.Verified => "ok",
                NoteVerdict.NoKnownKey => "error: note has no verifiable signatures",
                NoteVerdict.BadSignature bad => $"error: invalid signature for key {bad.Key}",
                NoteVerdict.AmbiguousKey two => $"error: ambiguous key {two.Key}",
            };
}

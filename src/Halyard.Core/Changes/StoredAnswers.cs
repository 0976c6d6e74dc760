using System.Text.Json;
using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Changes;

/// <summary>What is kept under an idempotency key, so that the same request gets the same answer again.</summary>
internal static class StoredAnswers
{
    /// <summary>How long a key is kept.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string AppliedWord = "applied";
    private const string DeniedWord = "denied";
    private const string PendingWord = "pending";

    public static PendingAnswer? Applied(Submission submission, IReadOnlyList<ResourceRevision> revisions, DateTimeOffset now) =>
        Pending(
            submission,
            AppliedWord,
            () =>
                JsonSerializer.SerializeToUtf8Bytes(
                    revisions.Select(item =>
                        new[]
                        {
                            item.Name.Kind.Name(),
                            item.Name.Project,
                            item.Name.Key,
                            $"{item.Revision}",
                            item.Deleted ? "deleted" : "",
                        }
                    ),
                    AnswerJson.Default.IEnumerableStringArray
                ),
            now
        );

    public static PendingAnswer? Denied(Submission submission, string policy, string reason, DateTimeOffset now) =>
        Pending(
            submission,
            DeniedWord,
            () => JsonSerializer.SerializeToUtf8Bytes([policy, reason], AnswerJson.Default.StringArray),
            now
        );

    public static PendingAnswer? Pending(Submission submission, PendingRequest request, DateTimeOffset now) =>
        Pending(
            submission,
            PendingWord,
            () =>
                JsonSerializer.SerializeToUtf8Bytes(
                    [request.Name.Project, request.Name.Key, request.Hash.ToString(), .. request.Warnings],
                    AnswerJson.Default.StringArray
                ),
            now
        );

    public static Result<Outcome> Replay(Submission submission, StoredAnswer answer)
    {
        if (answer.Request != submission.Fingerprint)
            return new Error.IdempotencyKeyReused(submission.IdempotencyKey!);
        if (answer.Outcome == DeniedWord)
        {
            var words = JsonSerializer.Deserialize(answer.Body, AnswerJson.Default.StringArray)!;
            return new Outcome.Denied(words[0], words[1], answer.Receipt, Replayed: true);
        }
        if (answer.Outcome == PendingWord)
        {
            var words = JsonSerializer.Deserialize(answer.Body, AnswerJson.Default.StringArray)!;
            var request = new PendingRequest(ChangeRequest.NameOf(words[0], words[1]), Digest.FromHex(words[2]))
            {
                Warnings = words[3..],
            };
            return new Outcome.Pending(request, answer.Receipt, Replayed: true);
        }
        var rows = JsonSerializer.Deserialize(answer.Body, AnswerJson.Default.StringArrayArray)!;
        return new Outcome.Applied(
            [
                .. rows.Select(row => new ResourceRevision(
                    new ResourceName(ResourceKinds.Parse(row[0])!.Value, row[1], row[2]),
                    long.Parse(row[3]),
                    row[4].Length > 0
                )),
            ],
            answer.Receipt,
            Replayed: true
        );
    }

    private static PendingAnswer? Pending(Submission submission, string outcome, Func<byte[]> body, DateTimeOffset now) =>
        submission.IdempotencyKey is { } key
            ? new PendingAnswer(
                submission.Actor.Credential ?? submission.Actor.Subject,
                key,
                submission.Fingerprint,
                outcome,
                body(),
                now + Lifetime
            )
            : null;
}

[System.Text.Json.Serialization.JsonSerializable(typeof(IEnumerable<string[]>))]
[System.Text.Json.Serialization.JsonSerializable(typeof(string[][]))]
[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class AnswerJson : System.Text.Json.Serialization.JsonSerializerContext;

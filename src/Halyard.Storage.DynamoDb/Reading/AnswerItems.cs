using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Reading;

/// <summary>Answers under idempotency keys. The table removes those that are long over by itself (<c>ttl</c>); what counts is <c>expires</c>.</summary>
internal static class AnswerItems
{
    public static Item Write(string tenant, PendingAnswer answer, Receipt receipt) =>
        new Item(Keys.Answer(tenant, answer.Credential, answer.Key))
            .With("credential", answer.Credential)
            .With("key", answer.Key)
            .With("request", answer.Request.ToArray())
            .With("outcome", answer.Outcome)
            .With("body", answer.Body)
            .With("idx", receipt.Index)
            .With("root", receipt.Root.ToArray())
            .With("at", receipt.At)
            .With("expires", answer.ExpiresAt)
            .With(Opening.Expiry, Instants.Expiry(answer.ExpiresAt));

    public static (StoredAnswer Answer, DateTimeOffset ExpiresAt) Read(Item item, string origin) =>
        (
            new StoredAnswer(
                item.Digest("request"),
                item.Text("outcome"),
                item.Bytes("body"),
                new Receipt(origin, item.Number("idx"), item.Digest("root"), item.Time("at"))
            ),
            item.Time("expires")
        );
}

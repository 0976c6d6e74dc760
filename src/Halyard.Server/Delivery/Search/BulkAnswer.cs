using System.Text.Json;

namespace Halyard.Server.Delivery.Search;

/// <summary>Reads what <c>_bulk</c> answers: a status for each item, in the order that they were sent.</summary>
internal static class BulkAnswer
{
    private const int MaxWord = 64;

    /// <summary>One result an item; <see langword="null"/> where the answer is not one to so many items.</summary>
    public static IReadOnlyList<DeliveryResult>? Read(byte[] body, int count)
    {
        try
        {
            using var parsed = JsonDocument.Parse(body);
            var items = parsed.RootElement.GetProperty("items");
            return items.GetArrayLength() == count ? [.. items.EnumerateArray().Select(Result)] : null;
        }
        catch (Exception foreign)
            when (foreign is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static DeliveryResult Result(JsonElement item)
    {
        var done = item.GetProperty("index");
        var status = done.GetProperty("status").GetInt32();
        var words = $"the item's status is {status}{Kind(done)}";
        return status switch
        {
            >= 200 and < 300 => new DeliveryResult(DeliveryVerdict.Accepted, words),
            // The document does not fit the index: it never will, whatever else does.
            400 or 413 => new DeliveryResult(DeliveryVerdict.RefusedForGood, words),
            _ => DeliveryResult.Failed(words),
        };
    }

    /// <summary>The kind of error, which is a word of the server's own; its reason may quote the document.</summary>
    private static string Kind(JsonElement done) =>
        done.TryGetProperty("error", out var error)
        && error.TryGetProperty("type", out var type)
        && type.GetString() is { Length: > 0 and <= MaxWord } word
        && word.All(letter => char.IsAsciiLetterLower(letter) || letter == '_')
            ? $" ({word})"
            : "";
}

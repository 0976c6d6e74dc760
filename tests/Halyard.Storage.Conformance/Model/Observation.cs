using System.Globalization;
using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Storage.Conformance.Model;

/// <summary>Everything that a store answers, as text, so that two stores' answers are compared whole and a difference can be read.</summary>
internal static class Observation
{
    public static string Of(CommitResult result) =>
        result switch
        {
            CommitResult.Committed committed => "committed " + Lines(committed.Receipts, Of),
            CommitResult.Conflict conflict => "conflict " + Lines(conflict.Actual, Of),
            CommitResult.Duplicate duplicate => "duplicate " + Of(duplicate.Original),
            _ => throw new ArgumentOutOfRangeException(nameof(result)),
        };

    public static string Of(StateSlice slice) =>
        Lines(slice.Resources.Values.OrderBy(resource => $"{resource.Name}", StringComparer.Ordinal), Of)
        + Lines(slice.Fences.OrderBy(fence => fence.Key, StringComparer.Ordinal), fence => $"{fence.Key}={fence.Value}");

    public static string Of(StoredResource resource) =>
        $"{resource.Name} {resource.Id} @{resource.Revision} {Bytes(resource.Document)} sealed {Bytes(resource.Sealed)} "
        + $"{Time(resource.CreatedAt)} {Time(resource.UpdatedAt)}";

    public static string Of(StoredAnswer? answer) =>
        answer is null ? "-" : $"{answer.Request} {answer.Outcome} {Bytes(answer.Body)} {Of(answer.Receipt)}";

    public static string Of(LogHead? head) =>
        head is null ? "-" : $"{head.Tenant} {head.Origin} {head.Range.Size} {head.Range.Root} {Time(head.LastAt)}";

    public static string Of(LogEntry? entry) =>
        entry is null ? "-" : $"{entry.Index} {Time(entry.At)} {Time(entry.EffectiveAt)} {Bytes(entry.Leaf)}";

    public static string Of(FeedEntry entry) => $"{entry.Index} {Bytes(entry.Leaf)} {Lines(entry.Resources, Of)}";

    public static string Of(ResourceVersion? version) =>
        version is null
            ? "-"
            : $"{version.Name} {version.Id} @{version.Revision} #{version.Index} {Time(version.EffectiveAt)} {version.Document}";

    public static string Of(SealedValue value) =>
        $"{value.Pointer} {value.Commitment} {Bytes(value.Ciphertext)} {value.Subject} {value.InDocument}";

    public static string Of(TakenTimer taken) => $"{taken.Tenant} {taken.Timer} until {Time(taken.Until)} #{taken.Fence}";

    public static string Lines<T>(IEnumerable<T> values, Func<T, string> text)
    {
        var lines = new StringBuilder("[");
        foreach (var value in values)
            lines.Append(CultureInfo.InvariantCulture, $"\n  {text(value)}");
        return lines.Append("\n]").ToString();
    }

    private static string Of(Receipt receipt) => $"{receipt.Log} {receipt.Index} {receipt.Root} {Time(receipt.At)}";

    private static string Of(RevisionMismatch mismatch) => $"{mismatch.Resource} {mismatch.Expected} {mismatch.Actual}";

    private static string Bytes(byte[]? bytes) => bytes is null ? "null" : Encoding.UTF8.GetString(bytes);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}

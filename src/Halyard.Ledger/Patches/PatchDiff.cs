using System.Runtime.InteropServices;
using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>Writes the operations between two canonical documents. Canonical means: equal values have equal bytes.</summary>
internal sealed class PatchDiff
{
    private readonly PatchWriter _writer = new();

    /// <summary>The operations; an empty document is an absent one.</summary>
    public static byte[] Write(byte[] before, byte[] after)
    {
        var diff = new PatchDiff();
        if (before.AsSpan().SequenceEqual(after))
            return diff._writer.ToArray();
        if (before.Length == 0)
            diff._writer.Add(after);
        else if (after.Length == 0)
            diff._writer.Remove(before);
        else
            diff.Documents(before, after);
        return diff._writer.ToArray();
    }

    private void Documents(byte[] before, byte[] after)
    {
        using var from = JsonDocument.Parse(before);
        using var to = JsonDocument.Parse(after);
        Values(from.RootElement, to.RootElement);
    }

    private void Values(JsonElement before, JsonElement after)
    {
        var old = JsonMarshal.GetRawUtf8Value(before);
        var now = JsonMarshal.GetRawUtf8Value(after);
        if (old.SequenceEqual(now))
            return;
        if (before.ValueKind == JsonValueKind.Object && after.ValueKind == JsonValueKind.Object)
            Objects(before, after);
        else if (before.ValueKind == JsonValueKind.Array && after.ValueKind == JsonValueKind.Array)
            Arrays(before, after);
        else
            _writer.Replace(old, now);
    }

    // Members of canonical objects are in order, so one walk over both finds what only one of them has.
    private void Objects(JsonElement before, JsonElement after)
    {
        using var old = before.EnumerateObject();
        using var now = after.EnumerateObject();
        var hasOld = old.MoveNext();
        var hasNew = now.MoveNext();
        while (hasOld || hasNew)
        {
            var order =
                !hasOld ? 1
                : !hasNew ? -1
                : MemberOrder.Compare(Name(old.Current), Name(now.Current));
            var place = _writer.Enter(order <= 0 ? Name(old.Current) : Name(now.Current));
            if (order < 0)
                _writer.Remove(JsonMarshal.GetRawUtf8Value(old.Current.Value));
            else if (order > 0)
                _writer.Add(JsonMarshal.GetRawUtf8Value(now.Current.Value));
            else
                Values(old.Current.Value, now.Current.Value);
            _writer.Leave(place);
            if (order <= 0)
                hasOld = old.MoveNext();
            if (order >= 0)
                hasNew = now.MoveNext();
        }
    }

    private void Arrays(JsonElement before, JsonElement after)
    {
        var start = _writer.Mark();
        JsonElement[] old = [.. before.EnumerateArray()];
        JsonElement[] now = [.. after.EnumerateArray()];
        var shorter = Math.Min(old.Length, now.Length);
        var prefix = 0;
        while (prefix < shorter && Same(old[prefix], now[prefix]))
            prefix++;
        var suffix = 0;
        while (suffix < shorter - prefix && Same(old[^(suffix + 1)], now[^(suffix + 1)]))
            suffix++;
        Middle(old.AsSpan()[prefix..^suffix], now.AsSpan()[prefix..^suffix], prefix);
        _writer.ReplaceIfShorter(start, JsonMarshal.GetRawUtf8Value(before), JsonMarshal.GetRawUtf8Value(after));
    }

    private void Middle(ReadOnlySpan<JsonElement> old, ReadOnlySpan<JsonElement> now, int offset)
    {
        if (old.Length == now.Length)
        {
            for (var i = 0; i < old.Length; i++)
            {
                var place = _writer.Enter(offset + i);
                Values(old[i], now[i]);
                _writer.Leave(place);
            }
            return;
        }
        // From the end, so that an index still means the element it meant before.
        for (var i = old.Length - 1; i >= 0; i--)
        {
            var place = _writer.Enter(offset + i);
            _writer.Remove(JsonMarshal.GetRawUtf8Value(old[i]));
            _writer.Leave(place);
        }
        for (var i = 0; i < now.Length; i++)
        {
            var place = _writer.Enter(offset + i);
            _writer.Add(JsonMarshal.GetRawUtf8Value(now[i]));
            _writer.Leave(place);
        }
    }

    private static bool Same(JsonElement left, JsonElement right) =>
        JsonMarshal.GetRawUtf8Value(left).SequenceEqual(JsonMarshal.GetRawUtf8Value(right));

    private static ReadOnlySpan<byte> Name(JsonProperty property) => JsonMarshal.GetRawUtf8PropertyName(property);
}

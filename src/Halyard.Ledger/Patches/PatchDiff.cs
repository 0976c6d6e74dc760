namespace Halyard.Ledger;

/// <summary>Writes the operations between two canonical documents. Canonical means: equal values have equal bytes.</summary>
internal sealed class PatchDiff
{
    private readonly PatchWriter _writer = new();

    /// <summary>The operations; an empty document is an absent one.</summary>
    public static byte[] Write(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var diff = new PatchDiff();
        if (before.SequenceEqual(after))
            return diff._writer.ToArray();
        if (before.Length == 0)
            diff._writer.Add(after);
        else if (after.Length == 0)
            diff._writer.Remove(before);
        else
            diff.Values(before, after);
        return diff._writer.ToArray();
    }

    private void Values(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (before.SequenceEqual(after))
            return;
        if (before[0] == (byte)'{' && after[0] == (byte)'{')
            Objects(before, after);
        else if (before[0] == (byte)'[' && after[0] == (byte)'[')
            Arrays(before, after);
        else
            _writer.Replace(before, after);
    }

    // Members of canonical objects are in order, so one walk over both finds what only one of them has.
    private void Objects(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var old = new CanonicalParts(before);
        var now = new CanonicalParts(after);
        var hasOld = old.NextMember();
        var hasNew = now.NextMember();
        while (hasOld || hasNew)
        {
            var order =
                !hasOld ? 1
                : !hasNew ? -1
                : MemberOrder.Compare(old.Name, now.Name);
            var place = _writer.Enter(order <= 0 ? old.Name : now.Name);
            if (order < 0)
                _writer.Remove(old.Value);
            else if (order > 0)
                _writer.Add(now.Value);
            else
                Values(old.Value, now.Value);
            _writer.Leave(place);
            if (order <= 0)
                hasOld = old.NextMember();
            if (order >= 0)
                hasNew = now.NextMember();
        }
    }

    private void Arrays(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var start = _writer.Mark();
        var old = CanonicalParts.Elements(before);
        var now = CanonicalParts.Elements(after);
        var shorter = Math.Min(old.Count, now.Count);
        var prefix = 0;
        while (prefix < shorter && before[old[prefix]].SequenceEqual(after[now[prefix]]))
            prefix++;
        var suffix = 0;
        while (suffix < shorter - prefix && before[old[^(suffix + 1)]].SequenceEqual(after[now[^(suffix + 1)]]))
            suffix++;
        Middle(before, after, (old[prefix..^suffix], now[prefix..^suffix]), prefix);
        _writer.ReplaceIfShorter(start, before, after);
    }

    private void Middle(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, (List<Range> Old, List<Range> Now) parts, int offset)
    {
        var (old, now) = parts;
        if (old.Count == now.Count)
        {
            for (var i = 0; i < old.Count; i++)
            {
                var place = _writer.Enter(offset + i);
                Values(before[old[i]], after[now[i]]);
                _writer.Leave(place);
            }
            return;
        }
        // From the end, so that an index still means the element it meant before.
        for (var i = old.Count - 1; i >= 0; i--)
        {
            var place = _writer.Enter(offset + i);
            _writer.Remove(before[old[i]]);
            _writer.Leave(place);
        }
        for (var i = 0; i < now.Count; i++)
        {
            var place = _writer.Enter(offset + i);
            _writer.Add(after[now[i]]);
            _writer.Leave(place);
        }
    }
}

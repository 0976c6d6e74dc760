namespace Halyard.Rego;

/// <summary>One operation of a JSON patch. Sets are documents too: their items stand at themselves.</summary>
internal static class JsonPatch
{
    /// <summary>The document after the operation; null if it cannot be applied or is none.</summary>
    public static RegoValue? Apply(BuiltinContext context, RegoValue document, RegoObject operation)
    {
        if (operation.Get("op") is not RegoString name || Path(context, operation, "path") is not { } path)
            return null;
        var value = operation.Get("value");
        var from = name.Value is "move" or "copy" ? Path(context, operation, "from") : null;
        switch (name.Value)
        {
            case "add" when value is not null:
                return Edit(context, document, path, Change.Insert, value);
            case "remove":
                return Edit(context, document, path, Change.Remove, null);
            case "replace" when value is not null:
                return path.Length == 0 ? value : Edit(context, document, path, Change.Replace, value);
            case "test" when value is not null:
                context.Weigh(value);
                return value.Equals(Find(context, document, path)) ? document : null;
            case "copy" when from is not null && Find(context, document, from) is { } copied:
                return Edit(context, document, path, Change.Insert, copied);
            case "move" when from is not null && Find(context, document, from) is { } moved:
                return Edit(context, document, from, Change.Remove, null) is { } rest
                    ? Edit(context, rest, path, Change.Insert, moved)
                    : null;
            default:
                return null;
        }
    }

    private enum Change
    {
        Insert,
        Replace,
        Remove,
    }

    private static RegoValue[]? Path(BuiltinContext context, RegoObject operation, string name) =>
        operation.Get(name) is { } path && JsonPaths.Steps(context, path) is { Length: <= RegoValue.MaxDepth } steps
            ? steps
            : null;

    private static RegoValue? Find(BuiltinContext context, RegoValue document, ReadOnlySpan<RegoValue> path)
    {
        context.Spend(1 + path.Length);
        foreach (var step in path)
        {
            var found = document is RegoArray array
                ? Place(step, array.Count - 1) is { } at
                    ? array[at]
                    : null
                : Objects.MemberOf(document, step);
            if (found is null)
                return null;
            document = found;
        }
        return document;
    }

    private static RegoValue? Edit(
        BuiltinContext context,
        RegoValue document,
        ReadOnlySpan<RegoValue> path,
        Change change,
        RegoValue? value
    )
    {
        if (path.Length == 0)
            return change == Change.Insert ? value : null;
        var step = path[0];
        var below = path[1..];
        switch (document)
        {
            case RegoObject members:
                return EditMember(context, members, step, below, change, value);
            case RegoArray array:
                return EditItem(context, array, step, below, change, value);
            case RegoSet set when below.Length > 0:
                return set.Contains(step) && Edit(context, step, below, change, value) is { } inner
                    ? context.GiveSet([.. set.Where(item => !item.Equals(step)), inner])
                    : null;
            case RegoSet set when change == Change.Insert:
                return step.Equals(value) ? context.GiveSet([.. set, step]) : null;
            case RegoSet set when set.Contains(step):
                var rest = set.Where(item => !item.Equals(step));
                return change == Change.Remove ? context.GiveSet([.. rest])
                    : step.Equals(value) ? set
                    : null;
            default:
                return null;
        }
    }

    private static RegoObject? EditMember(
        BuiltinContext context,
        RegoObject members,
        RegoValue key,
        ReadOnlySpan<RegoValue> below,
        Change change,
        RegoValue? value
    )
    {
        var old = members.Get(key);
        if (old is null && (below.Length > 0 || change != Change.Insert))
            return null;
        var put = below.Length > 0 ? Edit(context, old!, below, change, value) : value;
        if (below.Length > 0 && put is null)
            return null;
        var changed = new RegoObjectBuilder();
        foreach (var (name, member) in members)
            changed.Set(name, member);
        if (put is null)
            changed.Remove(key);
        else
            changed.Set(key, put);
        return context.Give(changed);
    }

    private static RegoArray? EditItem(
        BuiltinContext context,
        RegoArray array,
        RegoValue step,
        ReadOnlySpan<RegoValue> below,
        Change change,
        RegoValue? value
    )
    {
        var inserts = below.Length == 0 && change == Change.Insert;
        var isEnd = inserts && step is RegoString { Value: "-" };
        if ((isEnd ? array.Count : Place(step, inserts ? array.Count : array.Count - 1)) is not { } at)
            return null;
        var items = array.ToList();
        if (inserts)
            items.Insert(at, value!);
        else if (below.Length == 0 && change == Change.Remove)
            items.RemoveAt(at);
        else if ((below.Length == 0 ? value : Edit(context, items[at], below, change, value)) is { } put)
            items[at] = put;
        else
            return null;
        return context.Give([.. items]);
    }

    // A place in an array, written as a number or as its digits without leading zeros; null if it is beyond the last one allowed.
    private static int? Place(RegoValue step, int last)
    {
        var written = step switch
        {
            RegoNumber number => number.Text,
            RegoString text => text.Value,
            _ => "",
        };
        return
            int.TryParse(written, System.Globalization.NumberStyles.None, null, out var at)
            && at <= last
            && (written is "0" || written[0] != '0')
            ? at
            : null;
    }
}

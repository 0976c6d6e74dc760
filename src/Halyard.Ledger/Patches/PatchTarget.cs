using System.Globalization;

namespace Halyard.Ledger;

/// <summary>The document while operations are applied to it (RFC 6902, section 4).</summary>
internal sealed class PatchTarget(JsonTree? root)
{
    private int _copiedBytes;

    /// <summary>The document; null when it is absent.</summary>
    public JsonTree? Root { get; private set; } = root;

    public void Apply(PatchOperation operation)
    {
        var at = operation.Index;
        switch (operation.Kind)
        {
            case "add":
                Add(at, operation.Path, operation.Value!.Clone());
                break;
            case "remove":
                Remove(at, operation.Path);
                break;
            case "replace":
                Replace(at, operation.Path, operation.Value!.Clone());
                break;
            case "move":
                Move(at, operation.From!, operation.Path);
                break;
            case "copy":
                Add(at, operation.Path, Copy(at, Find(at, operation.From!, operation.From!.Length)));
                break;
            default:
                Test(at, operation.Path, operation.Value!);
                break;
        }
    }

    private void Add(int at, string[] path, JsonTree value)
    {
        RefuseTooDeep(at, path, value);
        if (path.Length == 0)
        {
            Root = value;
            return;
        }
        switch (Parent(at, path))
        {
            case JsonTree.Map map:
                map.Members[path[^1]] = value;
                break;
            case JsonTree.List list:
                var index = path[^1] == "-" ? list.Items.Count : Index(at, path, path.Length, list.Items.Count + 1);
                list.Items.Insert(index, value);
                break;
            default:
                throw Missing(at, path, path.Length);
        }
    }

    private void Remove(int at, string[] path)
    {
        // Says so when there is nothing to remove, for every kind of parent.
        _ = Find(at, path, path.Length);
        if (path.Length == 0)
            Root = null;
        else if (Parent(at, path) is JsonTree.List list)
            list.Items.RemoveAt(Index(at, path, path.Length, list.Items.Count));
        else if (Parent(at, path) is JsonTree.Map map)
            map.Members.Remove(path[^1]);
    }

    private void Replace(int at, string[] path, JsonTree value)
    {
        _ = Find(at, path, path.Length);
        RefuseTooDeep(at, path, value);
        if (path.Length > 0 && Parent(at, path) is JsonTree.List list)
            list.Items[Index(at, path, path.Length, list.Items.Count)] = value;
        else
            Add(at, path, value);
    }

    private void Move(int at, string[] from, string[] path)
    {
        if (from.Length < path.Length && path.AsSpan(0, from.Length).SequenceEqual(from))
            throw new JsonPatchException(at, "a value cannot be moved into itself");
        var value = Find(at, from, from.Length);
        Remove(at, from);
        Add(at, path, value);
    }

    private JsonTree Copy(int at, JsonTree value)
    {
        _copiedBytes = checked(_copiedBytes + value.ToJson().Length);
        return _copiedBytes <= JsonPatch.MaxCopiedBytes
            ? value.Clone()
            : throw new JsonPatchException(at, $"the patch copies more than {JsonPatch.MaxCopiedBytes} bytes");
    }

    private void Test(int at, string[] path, JsonTree expected)
    {
        if (!Find(at, path, path.Length).SameAs(expected))
            throw new JsonPatchException(at, $"the value at '{Pointer(path, path.Length)}' is not the one tested for");
    }

    // At each step, not only in the result: nesting must not grow until it exhausts the stack.
    private static void RefuseTooDeep(int at, string[] path, JsonTree value)
    {
        if (path.Length + value.Depth > CanonicalJson.MaxDepth)
            throw new JsonPatchException(at, $"nesting deeper than {CanonicalJson.MaxDepth} levels is not accepted");
    }

    private JsonTree Parent(int at, string[] path) => Find(at, path, path.Length - 1);

    private JsonTree Find(int at, string[] path, int length)
    {
        var node = Root ?? throw new JsonPatchException(at, "the document does not exist");
        for (var step = 0; step < length; step++)
        {
            node = node switch
            {
                JsonTree.Map map when map.Members.TryGetValue(path[step], out var member) => member,
                JsonTree.List list => list.Items[Index(at, path, step + 1, list.Items.Count)],
                _ => throw Missing(at, path, step + 1),
            };
        }
        return node;
    }

    private static int Index(int at, string[] path, int length, int count)
    {
        var token = path[length - 1];
        var canonical = token.Length > 0 && token.All(char.IsAsciiDigit) && (token.Length == 1 || token[0] != '0');
        return canonical && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count
            ? index
            : throw Missing(at, path, length);
    }

    private static JsonPatchException Missing(int at, string[] path, int length) =>
        new(at, $"there is nothing at '{Pointer(path, length)}'");

    private static string Pointer(string[] path, int length) =>
        string.Concat(path.Take(length).Select(token => "/" + JsonPointer.EscapeToken(token)));
}

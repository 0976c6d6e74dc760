using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>One operation as written: its kind, its places as tokens, its value.</summary>
internal sealed record PatchOperation(int Index, string Kind, string[] Path, string[]? From, JsonTree? Value)
{
    /// <summary>Reads a patch document; every operation is checked before the first is applied.</summary>
    public static List<PatchOperation> ReadAll(ReadOnlySpan<byte> patch)
    {
        using var document = JsonDocument.Parse(JsonPatch.Canonical(patch, "the patch"));
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new JsonPatchException(-1, "a patch is an array of operations");
        var operations = new List<PatchOperation>(document.RootElement.GetArrayLength());
        foreach (var element in document.RootElement.EnumerateArray())
            operations.Add(Read(operations.Count, element));
        return operations;
    }

    private static PatchOperation Read(int index, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new JsonPatchException(index, "an operation is an object");
        var kind = Text(index, element, "op");
        var path = Pointer(index, element, "path");
        return kind switch
        {
            "add" or "replace" or "test" => new(index, kind, path, null, RequiredValue(index, element)),
            "remove" => new(index, kind, path, null, null),
            "move" or "copy" => new(index, kind, path, Pointer(index, element, "from"), null),
            _ => throw new JsonPatchException(
                index,
                $"'{kind}' is not an operation; there are add, remove, replace, move, copy, test"
            ),
        };
    }

    private static JsonTree RequiredValue(int index, JsonElement element) =>
        element.TryGetProperty("value", out var value)
            ? JsonTree.Read(value)
            : throw new JsonPatchException(index, "the member 'value' is missing");

    private static string[] Pointer(int index, JsonElement element, string name)
    {
        var pointer = Text(index, element, name);
        return JsonPointer.TrySplit(pointer, out var tokens)
            ? tokens
            : throw new JsonPatchException(index, $"the member '{name}' is not a JSON Pointer: '{pointer}'");
    }

    private static string Text(int index, JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var member))
            throw new JsonPatchException(index, $"the member '{name}' is missing");
        return member.ValueKind == JsonValueKind.String
            ? member.GetString()!
            : throw new JsonPatchException(index, $"the member '{name}' is not a string");
    }
}

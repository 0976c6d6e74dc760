namespace Halyard.Ledger;

/// <summary>
/// JSON Patch (RFC 6902) between documents. A document may be absent: that is the empty byte sequence, or null as a result.
/// Numbers and strings compare by their canonical form.
/// </summary>
public static class JsonPatch
{
    /// <summary>The most bytes that one patch may copy, 16 MiB: repeated copies would otherwise grow a document exponentially.</summary>
    public const int MaxCopiedBytes = 16 * 1024 * 1024;

    /// <summary>
    /// The operations that lead from one document to the other: add, remove and replace only. Remove and replace carry the old
    /// value as an extra member <c>was</c>, which RFC 6902, section 4 tells others to ignore. Arrays are compared without their
    /// common ends; an array is replaced whole where that is shorter.
    /// </summary>
    /// <param name="before">The earlier document; empty when it did not exist.</param>
    /// <param name="after">The later document; empty when it does not exist any more.</param>
    /// <returns>The canonical bytes of the array of operations; <c>[]</c> for equal documents.</returns>
    /// <exception cref="FormatException">A document is not acceptable JSON (see <see cref="CanonicalJson"/>).</exception>
    public static byte[] Diff(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var from = before.IsEmpty ? [] : CanonicalJson.Canonicalize(before);
        var to = after.IsEmpty ? [] : CanonicalJson.Canonicalize(after);
        return PatchDiff.Write(from, to);
    }

    /// <summary>The same between documents that are canonical already, which is not checked again.</summary>
    public static byte[] DiffUnverifiedCanonical(byte[] before, byte[] after) => PatchDiff.Write(before, after);

    /// <summary>Applies all operations in order, or none: add, remove, replace, move, copy and test.</summary>
    /// <param name="document">The document; empty when it does not exist.</param>
    /// <param name="patch">The array of operations. Unknown members, such as <c>was</c>, are ignored.</param>
    /// <returns>The canonical bytes of the result; null when the root was removed.</returns>
    /// <exception cref="JsonPatchException">
    /// The document or the patch is not acceptable JSON, an operation is malformed, its place does not exist, a test fails, the
    /// result is nested too deeply, or more than <see cref="MaxCopiedBytes"/> are copied.
    /// </exception>
    public static byte[]? Apply(ReadOnlySpan<byte> document, ReadOnlySpan<byte> patch)
    {
        var operations = PatchOperation.ReadAll(patch);
        var target = new PatchTarget(document.IsEmpty ? null : JsonTree.Read(Canonical(document, "the document")));
        foreach (var operation in operations)
            target.Apply(operation);
        if (target.Root is null)
            return null;
        var result = target.Root.ToJson();
        return Canonical(result, "the result");
    }

    internal static byte[] Canonical(ReadOnlySpan<byte> json, string what) =>
        CanonicalJson.TryCanonicalize(json, out var canonical, out var problem)
            ? canonical
            : throw new JsonPatchException(-1, $"{what}: {problem}");
}

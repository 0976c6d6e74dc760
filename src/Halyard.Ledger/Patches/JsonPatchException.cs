using System.Diagnostics.CodeAnalysis;

namespace Halyard.Ledger;

/// <summary>A patch that RFC 6902 calls an error: malformed, or not applicable to the document. Nothing was changed.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It always names the operation.")]
[SuppressMessage("Roslynator", "RCS1194:Implement exception constructors", Justification = "It always names the operation.")]
public sealed class JsonPatchException : Exception
{
    /// <summary>Names the operation and what is wrong with it.</summary>
    public JsonPatchException(int operation, string message)
        : base(operation < 0 ? message : $"operation {operation}: {message}") => Operation = operation;

    /// <summary>The zero-based index of the operation; −1 when the document, the patch as a whole or the result is wrong.</summary>
    public int Operation { get; }
}

using System.Text.Json;
using Halyard.Core;
using Halyard.Core.Changes;

namespace Halyard.Server.Management;

/// <summary>
/// Where problems stand in what was sent. The pipeline names them by the operation; most endpoints take a body that is one operation
/// itself, and whoever sent that knows of no list.
/// </summary>
internal static class BodyPlaces
{
    private const string First = "/operations/0";

    /// <summary>An error with its places as the sender sees them.</summary>
    public static Error In(byte[] body, Change change, Error error) =>
        error is Error.Invalid invalid && change.Steps is [{ Origin: null, Operations: [_] }] && !HasOperations(body)
            ? new Error.Invalid([.. invalid.Problems.Select(problem => problem with { Pointer = Place(problem.Pointer) })])
            : error;

    private static string Place(string pointer) =>
        pointer == First || pointer.StartsWith($"{First}/", StringComparison.Ordinal) ? pointer[First.Length..] : pointer;

    private static bool HasOperations(byte[] body)
    {
        if (body.Length == 0)
            return false;
        using var parsed = JsonDocument.Parse(body);
        return parsed.RootElement is { ValueKind: JsonValueKind.Object } sent && sent.TryGetProperty("operations", out _);
    }
}

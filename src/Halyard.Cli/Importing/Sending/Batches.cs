using System.Text;

namespace Halyard.Cli.Importing.Sending;

/// <summary>Divides what is created into changes that a server takes: the order stays.</summary>
internal static class Batches
{
    /// <summary>The most resources that one change may touch (docs/http-api.md).</summary>
    public const int MaxResources = 20;

    /// <summary>A server reads a body of up to 1 MiB; the rest is for the reason and what stands around.</summary>
    public const int MaxBytes = 1000 * 1024;

    /// <summary>The changes; an operation too large for any stands alone, for the server to refuse.</summary>
    public static IReadOnlyList<IReadOnlyList<Creation>> Of(IEnumerable<Creation> creations)
    {
        var batches = new List<List<Creation>>();
        var bytes = 0;
        foreach (var creation in creations)
        {
            var size = Encoding.UTF8.GetByteCount(creation.Operation.GetRawText()) + 1;
            if (batches.Count == 0 || batches[^1].Count == MaxResources || bytes + size > MaxBytes)
            {
                batches.Add([]);
                bytes = 0;
            }
            batches[^1].Add(creation);
            bytes += size;
        }
        return batches;
    }
}

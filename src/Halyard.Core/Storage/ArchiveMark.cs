using System.Globalization;
using System.Text;

namespace Halyard.Core.Storage;

/// <summary>
/// How many of a log's entries, from the first on, were archived and read back: a mark. Nothing that was not is purged.
/// </summary>
public static class ArchiveMark
{
    private const string Name = "archive/admin";

    /// <summary>How many entries are archived.</summary>
    public static async ValueTask<long> ReadAsync(IMarks marks, string tenant, CancellationToken cancellationToken) =>
        await marks.MarkAsync(tenant, Name, cancellationToken) is { } mark ? Size(mark) : 0;

    /// <summary>Says how many entries are archived; also fewer than before, where the archive is another.</summary>
    public static async ValueTask SetAsync(IMarks marks, string tenant, long size, CancellationToken cancellationToken)
    {
        var value = Encoding.ASCII.GetBytes(size.ToString(CultureInfo.InvariantCulture));
        while (true)
        {
            var mark = await marks.MarkAsync(tenant, Name, cancellationToken);
            if (mark is not null && Size(mark) == size)
                return;
            if (await marks.SetMarkAsync(tenant, Name, mark?.Version ?? 0, value, cancellationToken))
                return;
        }
    }

    private static long Size(Mark mark) => long.Parse(Encoding.ASCII.GetString(mark.Value), CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using Halyard.Core.Storage;

namespace Halyard.Server.Publishing;

/// <summary>
/// Lets one process at a time publish a log. The lease is a mark, and the mark's version its fencing token: whoever lost it finds
/// another version and stops. It saves double work; what keeps two from doing harm is that objects are created once and the signer
/// never goes back.
/// </summary>
internal sealed class LogLease(IMarks marks, string tenant, string holder, TimeProvider time)
{
    /// <summary>How long it is held without being renewed; so long a crashed process keeps others waiting.</summary>
    public static readonly TimeSpan Term = TimeSpan.FromSeconds(30);

    private const string Name = "ledger/lease";
    private long _version;

    /// <summary>Takes the lease unless another has it.</summary>
    public async ValueTask<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        var mark = await marks.MarkAsync(tenant, Name, cancellationToken);
        if (mark is not null && Read(mark.Value) is var (other, until) && other != holder && until > time.GetUtcNow())
            return false;
        _version = mark?.Version ?? 0;
        return await SetAsync(time.GetUtcNow() + Term, cancellationToken);
    }

    /// <summary>Holds it for another term; false where it was lost.</summary>
    public ValueTask<bool> RenewAsync(CancellationToken cancellationToken) =>
        SetAsync(time.GetUtcNow() + Term, cancellationToken);

    /// <summary>Gives it back, unless it was lost.</summary>
    public async ValueTask ReleaseAsync(CancellationToken cancellationToken) =>
        await SetAsync(DateTimeOffset.UnixEpoch, cancellationToken);

    private async ValueTask<bool> SetAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        var value = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{holder} {until.ToUnixTimeMilliseconds()}")
        );
        if (!await marks.SetMarkAsync(tenant, Name, _version, value, cancellationToken))
            return false;
        _version++;
        return true;
    }

    private static (string Holder, DateTimeOffset Until) Read(byte[] value) =>
        Encoding.ASCII.GetString(value).Split(' ') is [var holder, var until]
        && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? (holder, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds))
            : throw new InvalidDataException($"The mark '{Name}' is not a lease.");
}

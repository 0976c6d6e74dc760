using System.Collections.Concurrent;
using System.Text;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Server.Publishing;

/// <summary>
/// Keeps in each log that what is published or anchored contradicts it, so that sinks alert: one entry for each alarm, however long
/// it stands. What was recorded makes the log longer, and an alarm that names its size is no other one for that.
/// </summary>
internal sealed partial class AlarmRecorder(
    ChangeService changes,
    TimeProvider time,
    Entropy entropy,
    ILogger<AlarmRecorder> logger
)
{
    private const string Failed = "log.verification_failed";
    private const int MaxWords = 500;

    private readonly ConcurrentDictionary<(string Tenant, string Place), bool> _standing = new();

    /// <summary>Records an alarm, unless one stands there. What cannot be recorded is said and tried at the next call.</summary>
    /// <param name="tenant">The log's tenant.</param>
    /// <param name="place">Where it was noticed: publishing, or an anchor.</param>
    /// <param name="alarm">The contradiction.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask RaiseAsync(
        string tenant,
        string place,
        LedgerAlarmException alarm,
        CancellationToken cancellationToken
    )
    {
        if (_standing.ContainsKey((tenant, place)))
            return;
        try
        {
            await RecordAsync(tenant, place, alarm.Message, cancellationToken);
            _standing[(tenant, place)] = true;
        }
#pragma warning disable CA1031 // A store that contradicts what is published may be broken altogether; the alarm itself was said already.
        catch (Exception broken) when (broken is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            CannotRecord(broken, tenant);
        }
    }

    /// <summary>Nothing contradicts there any more: what does later is a new alarm.</summary>
    public void Over(string tenant, string place) => _standing.TryRemove((tenant, place), out _);

    private async ValueTask RecordAsync(string tenant, string place, string message, CancellationToken cancellationToken)
    {
        var words = Excerpt.Of(message, MaxWords);
        var details = new CanonicalWriter(1_024).StartObject();
        details.Name("contradiction").String(words);
        details.Name("place").String(place);
        var happened = new ChangeEvent(Failed, $"{place}: {words}") { Details = details.EndObject().ToArray() };
        var digest = Digest.Of(Encoding.UTF8.GetBytes($"{place}\n{words}"));
        var submission = new Submission(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            Change.Record("ledger.check", "", happened),
            // Every node notices, and each again after a restart.
            IdempotencyKey: $"{Failed}:{time.GetUtcNow():yyyy-MM-dd}:{digest.ToHex()}",
            Fingerprint: digest
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (result.Error is { } error)
            throw new InvalidOperationException($"The alarm cannot be recorded: {error}");
        if (result.Value is not Outcome.Applied)
            throw new InvalidOperationException($"The alarm cannot be recorded: {result.Value}");
    }

    [LoggerMessage(LogLevel.Error, "The log of tenant {Tenant} cannot be told that it is contradicted; it is tried again.")]
    private partial void CannotRecord(Exception broken, string tenant);
}

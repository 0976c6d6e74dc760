using System.Globalization;
using System.Text;
using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Ledger;
using Halyard.Server.Authentication.Sessions;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>
/// Tells the audit log who came with which provider's word, and where log-ins fail; bounded, so that neither a busy service nor an
/// attacker fills it: a token's holder once a day, failures once a minute for each provider.
/// </summary>
internal sealed class LogIns(ChangeService changes, TimeProvider time)
{
    private const string Failed = "access.login_failed";

    /// <summary>About 10 MB; beyond it the memory starts anew, and the store knows what it told.</summary>
    private const int MaxSeen = 65_536;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Tenant, string Subject), DateOnly> _seen = [];
    private readonly Dictionary<(string Tenant, string Provider), (DateTimeOffset Told, long Since)> _failures = [];

    /// <summary>What the log is told of somebody who logged in.</summary>
    public static ChangeEvent Told(string words, Person person, string provider) =>
        new(BrowserSessions.LoggedIn, words)
        {
            Details = new CanonicalWriter(64).StartObject().Name("provider").String(provider).EndObject().ToArray(),
            Person = person.Email is null && person.Name is null ? null : new PersonalDetails(person.Email, person.Name),
        };

    /// <summary>Somebody uses an access token: an entry for the first use of a day.</summary>
    public async ValueTask SeenAsync(Caller caller, Person person, string provider, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var key = (caller.Actor.Tenant, caller.Actor.Subject);
        lock (_gate)
        {
            if (_seen.GetValueOrDefault(key) == today)
                return;
        }
        var day = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var told = Told($"used an access token of '{provider}'", person, provider);
        var submission = new Submission(
            caller.Actor,
            caller.Request,
            Change.Record(BrowserSessions.StartAction, "", told),
            // Several servers see the same person.
            IdempotencyKey: $"{BrowserSessions.LoggedIn}:{provider}:{day}",
            Fingerprint: Digest.Of(Encoding.UTF8.GetBytes(day))
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        // What was not told is told at the next use; what the caller asks for is decided by itself.
        if (result.Error is not null)
            return;
        lock (_gate)
        {
            if (_seen.Count >= MaxSeen)
                _seen.Clear();
            _seen[key] = today;
        }
    }

    /// <summary>A log-in failed: an entry for the first one in a minute, with how many there were since the last entry.</summary>
    public async ValueTask FailedAsync(
        string tenant,
        string provider,
        RequestContext request,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        long count;
        lock (_gate)
        {
            var known = _failures.TryGetValue((tenant, provider), out var last);
            count = last.Since + 1;
            var isTold = known && now - last.Told < Pause;
            _failures[(tenant, provider)] = isTold ? last with { Since = count } : (now, 0);
            if (isTold)
                return;
        }
        var details = new CanonicalWriter(64).StartObject();
        details.Name("count").Number(count);
        details.Name("provider").String(provider);
        var words = count == 1 ? $"a log-in with '{provider}' failed" : $"{count} log-ins with '{provider}' failed";
        var told = new ChangeEvent(Failed, words) { Details = details.EndObject().ToArray(), FailureCode = "unauthenticated" };
        // Nobody is known: the server tells what it saw. Where that came from may be told; it is a commitment.
        var submission = new Submission(Actor.System(tenant), request, Change.Record("session.fail", "", told));
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (result.Error is { } error)
            throw new InvalidOperationException($"A failed log-in cannot be recorded: {error}");
    }
}

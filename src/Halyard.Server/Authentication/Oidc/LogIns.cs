using System.Globalization;
using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Ledger;
using Halyard.Server.Authentication.Sessions;

namespace Halyard.Server.Authentication.Oidc;

/// <summary>
/// Tells the audit log who came with which provider's word. A token is used many times a second; its holder is an entry once a day.
/// </summary>
internal sealed class LogIns(ChangeService changes, TimeProvider time)
{
    /// <summary>About 10 MB; beyond it the memory starts anew, and the store knows what it told.</summary>
    private const int MaxSeen = 65_536;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Tenant, string Subject), DateOnly> _seen = [];

    /// <summary>What the log is told of somebody who logged in.</summary>
    public static ChangeEvent Told(string words, Person person, string provider) =>
        new(BrowserSessions.LoggedIn, words)
        {
            Details = Details(provider),
            Person = person.Email is null && person.Name is null ? null : new PersonalDetails(person.Email, person.Name),
        };

    /// <summary>Who vouches for somebody who logged in, as the log has it.</summary>
    public static byte[] Details(string provider) =>
        new CanonicalWriter(64).StartObject().Name("provider").String(provider).EndObject().ToArray();

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
}

using System.Net;
using Halyard.Server.Edges;

namespace Halyard.Server.Authentication.Local;

/// <summary>
/// Slows guessing down: after a few failures an account must wait at the address that they came from, and after more everywhere, before
/// the next try; so must an address that tries many accounts; each time twice as long. From where somebody logged in before, what fails
/// elsewhere does not keep them waiting: nobody locks another out by knowing an e-mail address. An account that does not exist is
/// treated like any other, and a wait tells nothing of the password. In memory, bounded.
/// </summary>
internal sealed class LogInThrottle(TimeProvider time)
{
    /// <summary>So many failures of one account from one address cost no wait.</summary>
    public const int FreeOfAccount = 5;

    /// <summary>So many failures of one account from anywhere cost no wait.</summary>
    public const int FreeOfAccountAnywhere = 20;

    /// <summary>So many failures from one address cost no wait: an office may share it.</summary>
    public const int FreeOfAddress = 20;

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(15);

    private const int MaxKept = 10_000;
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);
    private static readonly TimeSpan MemoryOfSuccess = TimeSpan.FromDays(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Attempts> _attempts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _successes = new(StringComparer.Ordinal);

    /// <summary>How many accounts and addresses are remembered.</summary>
    public int Remembered
    {
        get
        {
            lock (_lock)
                return _attempts.Count + _successes.Count;
        }
    }

    /// <summary>
    /// Counts a try as failed until <see cref="Succeeded"/> says otherwise, so that many at once are no way around.
    /// <see langword="null"/> lets it go on; else it must wait so long, and is not counted.
    /// </summary>
    public TimeSpan? Begin(string tenant, string email, IPAddress? address)
    {
        var now = time.GetUtcNow();
        var (account, here, place) = (AccountOf(tenant, email), HereOf(tenant, email, address), PlaceOf(address));
        lock (_lock)
        {
            var blocked = Latest(Find(here, now).BlockedUntil, Find(place, now).BlockedUntil);
            if (!IsKnown(here, now))
                blocked = Latest(blocked, Find(account, now).BlockedUntil);
            if (blocked > now)
                return blocked - now;
            Count(here, FreeOfAccount, now);
            Count(account, FreeOfAccountAnywhere, now);
            Count(place, FreeOfAddress, now);
            return null;
        }
    }

    /// <summary>A try was right: the account starts anew. The address keeps its other failures.</summary>
    public void Succeeded(string tenant, string email, IPAddress? address)
    {
        var now = time.GetUtcNow();
        var (here, place) = (HereOf(tenant, email, address), PlaceOf(address));
        lock (_lock)
        {
            _attempts.Remove(AccountOf(tenant, email));
            _attempts.Remove(here);
            Remember(here, now);
            var known = Find(place, now);
            _attempts[place] = known with { Failures = Math.Max(0, known.Failures - 1), BlockedUntil = now };
        }
    }

    /// <summary>How long to wait after so many failures.</summary>
    public static TimeSpan WaitAfter(int failures, int free) =>
        failures < free
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min(MaxWait.TotalSeconds, Math.Pow(2, Math.Min(failures - free, 30))));

    private void Count(string key, int free, DateTimeOffset now)
    {
        var failures = Find(key, now).Failures + 1;
        if (_attempts.Count >= MaxKept && !_attempts.ContainsKey(key))
            ForgetSome(now);
        _attempts[key] = new Attempts(failures, now + WaitAfter(failures, free), now);
    }

    private bool IsKnown(string here, DateTimeOffset now) =>
        _successes.TryGetValue(here, out var last) && now - last < MemoryOfSuccess;

    private void Remember(string here, DateTimeOffset now)
    {
        if (_successes.Count >= MaxKept && !_successes.ContainsKey(here))
        {
            foreach (var item in _successes.OrderBy(item => item.Value).Take(MaxKept / 10).ToList())
                _successes.Remove(item.Key);
        }
        _successes[here] = now;
    }

    private Attempts Find(string key, DateTimeOffset now) =>
        _attempts.TryGetValue(key, out var known) && now - known.Last < Memory ? known : new Attempts(0, now, now);

    private void ForgetSome(DateTimeOffset now)
    {
        var oldest = _attempts.OrderBy(item => item.Value.Last).Take(MaxKept / 10).ToList();
        foreach (var (key, _) in oldest.Concat(_attempts.Where(item => now - item.Value.Last >= Memory)).ToList())
            _attempts.Remove(key);
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static string AccountOf(string tenant, string email) => $"account\0{tenant}\0{email}";

    private static string HereOf(string tenant, string email, IPAddress? address) =>
        $"{AccountOf(tenant, email)}\0{RequestLimits.PlaceOf(address)}";

    private static string PlaceOf(IPAddress? address) => $"address\0{RequestLimits.PlaceOf(address)}";

    private readonly record struct Attempts(int Failures, DateTimeOffset BlockedUntil, DateTimeOffset Last);
}

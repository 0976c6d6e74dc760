using System.Net;
using Halyard.Server.Edges;

namespace Halyard.Server.Authentication.Local;

/// <summary>
/// Slows guessing down: after a few failures an account, and after more an address, must wait before the next try, each time twice as
/// long. An account that does not exist is treated like any other, and a wait tells nothing of the password. In memory, bounded.
/// </summary>
internal sealed class LogInThrottle(TimeProvider time)
{
    /// <summary>So many failures of one account cost no wait.</summary>
    public const int FreeOfAccount = 5;

    /// <summary>So many failures from one address cost no wait: an office may share it.</summary>
    public const int FreeOfAddress = 20;

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(15);

    private const int MaxKept = 10_000;
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Attempts> _attempts = new(StringComparer.Ordinal);

    /// <summary>How many accounts and addresses are remembered.</summary>
    public int Remembered
    {
        get
        {
            lock (_lock)
                return _attempts.Count;
        }
    }

    /// <summary>
    /// Counts a try as failed until <see cref="Succeeded"/> says otherwise, so that many at once are no way around.
    /// <see langword="null"/> lets it go on; else it must wait so long, and is not counted.
    /// </summary>
    public TimeSpan? Begin(string tenant, string email, IPAddress? address)
    {
        var now = time.GetUtcNow();
        var (account, place) = (AccountOf(tenant, email), PlaceOf(address));
        lock (_lock)
        {
            var blocked = Latest(Find(account, now).BlockedUntil, Find(place, now).BlockedUntil);
            if (blocked > now)
                return blocked - now;
            Count(account, FreeOfAccount, now);
            Count(place, FreeOfAddress, now);
            return null;
        }
    }

    /// <summary>A try was right: the account starts anew. The address keeps its other failures.</summary>
    public void Succeeded(string tenant, string email, IPAddress? address)
    {
        var now = time.GetUtcNow();
        var place = PlaceOf(address);
        lock (_lock)
        {
            _attempts.Remove(AccountOf(tenant, email));
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

    private static string PlaceOf(IPAddress? address) => $"address\0{RequestLimits.PlaceOf(address)}";

    private readonly record struct Attempts(int Failures, DateTimeOffset BlockedUntil, DateTimeOffset Last);
}

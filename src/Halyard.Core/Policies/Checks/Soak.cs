using Halyard.Ledger;

namespace Halyard.Core.Policies.Checks;

/// <summary>What a flag served in an environment from a time on, as the ledger has it.</summary>
/// <param name="Since">From when on.</param>
/// <param name="Value">Digest of the configuration; <see langword="null"/> while the flag was off, or was not there.</param>
public readonly record struct Served(DateTimeOffset Since, Digest? Value);

/// <summary>How long a configuration has been in force without a break.</summary>
public static class Soak
{
    /// <summary>
    /// The time since which exactly this configuration was in force, up to <paramref name="now"/>; zero where another one is, or none;
    /// <see langword="null"/> where nothing is known.
    /// </summary>
    /// <param name="history">In the order of the ledger.</param>
    /// <param name="value">The configuration that is to be let through.</param>
    /// <param name="now">The time. What begins later does not count.</param>
    public static TimeSpan? Of(IEnumerable<Served> history, Digest value, DateTimeOffset now)
    {
        var isKnown = false;
        DateTimeOffset? since = null;
        foreach (var served in history.Where(served => served.Since <= now))
        {
            isKnown = true;
            since = served.Value == value ? since ?? served.Since : null;
        }
        if (!isKnown)
            return null;
        return since is { } begin ? now - begin : TimeSpan.Zero;
    }
}

using System.Collections.Frozen;
using Halyard.Architecture.Tests.Walking;

namespace Halyard.Architecture.Tests;

/// <summary>What makes code depend on more than what it is given: clocks, chance, I/O, logs, and waiting for any of them.</summary>
internal static class Impurity
{
    private static readonly string[] Namespaces =
    [
        "Microsoft.AspNetCore",
        "Microsoft.Extensions",
        "System.IO",
        "System.Net.Http",
        "System.Net.Sockets",
        "System.Threading.Tasks",
    ];

    private static readonly FrozenSet<string> Types = FrozenSet.Create(
        StringComparer.Ordinal,
        "System.Console",
        "System.Diagnostics.Activity",
        "System.Diagnostics.Process",
        "System.Diagnostics.Stopwatch",
        "System.Diagnostics.Trace",
        "System.Environment",
        "System.Net.Dns",
        "System.Random",
        "System.Security.Cryptography.RandomNumberGenerator",
        "System.Threading.PeriodicTimer",
        "System.Threading.Thread",
        "System.Threading.Timer",
        "System.TimeProvider",
        "System.TimeZoneInfo"
    );

    private static readonly FrozenSet<string> Members = FrozenSet.Create(
        StringComparer.Ordinal,
        "System.DateTime::get_Now",
        "System.DateTime::get_Today",
        "System.DateTime::get_UtcNow",
        "System.DateTimeOffset::get_Now",
        "System.DateTimeOffset::get_UtcNow",
        "System.Guid::CreateVersion7",
        "System.Guid::NewGuid"
    );

    // An exception about damaged data reads nothing; a reader of a string reads what is in memory.
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        StringComparer.Ordinal,
        "System.IO.InvalidDataException",
        "System.IO.StringReader",
        "System.IO.TextReader"
    );

    /// <summary>Whether a use makes its user impure.</summary>
    public static bool Is(Use use) =>
        use.Member is { } member && Members.Contains(member)
        || Types.Contains(use.Type) && !IsIteratorsOwn(use)
        || Namespaces.Any(use.IsOf) && !Harmless.Contains(use.Type);

    // The compiler's iterators ask which thread they run on; the member says so, the mention of its type beside it says nothing.
    private static bool IsIteratorsOwn(Use use) =>
        use.Type == "System.Environment" && use.Member is null or "System.Environment::get_CurrentManagedThreadId";
}

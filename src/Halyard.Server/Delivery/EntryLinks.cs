using System.Globalization;
using Halyard.Core.Audit.Sinks;
using Halyard.Server.Hosting;

namespace Halyard.Server.Delivery;

/// <summary>Links from messages back to entries.</summary>
internal sealed class EntryLinks(HalyardOptions options)
{
    /// <summary>Where the change request that an entry is about is read, else the entry, or <see langword="null"/> where nobody said how people reach this server.</summary>
    public string? Of(SinkEntry entry) =>
        options.PublicUrl.Length == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{options.PublicUrl.TrimEnd('/')}/api/v1/{PathOf(entry)}");

    private static string PathOf(SinkEntry entry) =>
        entry is { Event: not null, Resource: { Kind: "change-request" } request }
            ? $"change-requests/{Uri.EscapeDataString(request.Key)}"
            : string.Create(CultureInfo.InvariantCulture, $"audit/{entry.Index}");
}

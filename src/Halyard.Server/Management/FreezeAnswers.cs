using System.Text.Json;
using Halyard.Contracts;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Reading;

namespace Halyard.Server.Management;

/// <summary>Freezes as they are answered: the stored document, and what its calendar comes to now.</summary>
internal sealed class FreezeAnswers(ITimeZones zones, TimeProvider time)
{
    public Page<FreezeAnswer> Page(IEnumerable<ResourceView> items, string? next) => new([.. items.Select(One)], next);

    private FreezeAnswer One(ResourceView view)
    {
        var freeze = (Freeze)view.Resource;
        var now = time.GetUtcNow();
        var settings = freeze.Settings;
        using var document = JsonDocument.Parse(view.Document);
        var root = document.RootElement;
        return new FreezeAnswer
        {
            Id = freeze.Id,
            Key = freeze.Key,
            Name = settings.Title,
            Enabled = settings.Enabled,
            Scope = root.GetProperty("scope").Deserialize(ContractJson.Default.FreezeScopeBody)!,
            Approvers = settings.Approvers,
            Zone = settings.Zone,
            Intervals = [.. settings.Intervals.Select(window => Span(window)!)],
            Recurring =
            [
                .. root.GetProperty("recurring")
                    .EnumerateArray()
                    .Select(item => item.Deserialize(ContractJson.Default.FreezeRecurrenceBody)!),
            ],
            ForIncident = settings.ForIncident,
            Current = Span(freeze.WindowAt(zones, now)),
            Next = Span(freeze.NextAfter(zones, now)),
            Revision = view.Revision,
        };
    }

    private static FreezeIntervalBody? Span(FreezeWindow? window) =>
        window is { } span ? new(span.Start, span.IsOpen ? null : span.End) : null;
}

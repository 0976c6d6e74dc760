using Halyard.Core.Audit;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes;

/// <summary>What an event's entry says of the resources it is about.</summary>
internal static class EventGround
{
    /// <summary>The event as its entry's one semantic change.</summary>
    public static SemanticChange Told(ChangeEvent happened) =>
        new(happened.Type, happened.Environments is [var only] ? only : null, happened.Words);

    /// <summary>The resources as they are now, untouched; one that does not exist is named without id and revision.</summary>
    public static async ValueTask<IReadOnlyList<TouchedResource>> LoadAsync(
        IStore store,
        string tenant,
        ChangeEvent happened,
        CancellationToken cancellationToken
    )
    {
        if (happened.About.Count == 0)
            return [];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(happened.About.Count, ChangeEvent.MaxAbout, nameof(happened));
        var slice = await store.LoadAsync(tenant, [.. happened.About], [], cancellationToken);
        return
        [
            .. happened.About.Select(name =>
                slice.Resources.TryGetValue(name, out var stored)
                    ? new TouchedResource(name, stored.Id, stored.Revision, stored.Revision, null)
                    : new TouchedResource(name, "", 0, 0, null)
            ),
        ];
    }
}

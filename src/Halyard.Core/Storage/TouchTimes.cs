using Halyard.Core.Audit;
using Halyard.Core.Flags;

namespace Halyard.Core.Storage;

/// <summary>When one commit touched one resource, by effective time; an import touches the same one in several entries.</summary>
/// <param name="Created">When this commit created what is there now; <see langword="null"/> where it was there before.</param>
/// <param name="Updated">When it was touched last.</param>
public sealed record TouchTimes(DateTimeOffset? Created, DateTimeOffset Updated)
{
    /// <summary>Adds one entry's touches to those of the entries before it.</summary>
    public static void Add(
        Dictionary<ResourceName, TouchTimes> times,
        IReadOnlyList<TouchedResource> resources,
        DateTimeOffset at
    )
    {
        foreach (var touched in resources)
        {
            if (!touched.IsChanged)
                continue;
            var creates = touched.RevisionFrom == 0;
            times[touched.Name] = times.TryGetValue(touched.Name, out var before)
                ? before with
                {
                    Created = creates ? at : before.Created,
                    Updated = at,
                }
                : new TouchTimes(creates ? at : null, at);
        }
    }
}

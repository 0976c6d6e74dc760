namespace Halyard.Core.Policies.Simulating;

/// <summary>Who could approve: the people behind each name that a requirement uses.</summary>
/// <param name="people">Ids of people by role name or <c>group:NAME</c>.</param>
/// <param name="owners">The owners of the flags touched.</param>
/// <param name="excluded">Who may not approve: the requester, the editors.</param>
public sealed class Electorate(
    IReadOnlyDictionary<string, IReadOnlySet<string>> people,
    IReadOnlySet<string> owners,
    IReadOnlySet<string> excluded
)
{
    /// <summary>Whether there are people enough, each filling one place, for all that is required.</summary>
    public bool CanMeet(Requirement requirement) =>
        requirement.Votes.DistinctAcrossStages
            ? CanFill([.. requirement.Stages.SelectMany(stage => stage.Groups)])
            : requirement.Stages.All(stage => CanFill(stage.Groups));

    // Bipartite matching: place after place finds a person, moving others along where that helps.
    private bool CanFill(IReadOnlyList<QuorumGroup> groups)
    {
        var holder = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var eligible = Eligible(group);
            // More places than people: no need to look for a way.
            if (eligible.Length < group.Count)
                return false;
            for (var place = 0; place < group.Count; place++)
            {
                if (!Seat(eligible, holder, new HashSet<string>(StringComparer.Ordinal)))
                    return false;
            }
        }
        return true;
    }

    private static bool Seat(string[] eligible, Dictionary<string, string[]> holder, HashSet<string> asked)
    {
        foreach (var person in eligible)
        {
            if (!asked.Add(person))
                continue;
            if (holder.TryGetValue(person, out var place) && !Seat(place, holder, asked))
                continue;
            holder[person] = eligible;
            return true;
        }
        return false;
    }

    private string[] Eligible(QuorumGroup group) =>
        [
            .. group
                .From.SelectMany(name => name == Approver.Owners ? owners : people.GetValueOrDefault(name) ?? NoOne)
                .Where(person => !excluded.Contains(person))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    private static IReadOnlySet<string> NoOne { get; } = new HashSet<string>(StringComparer.Ordinal);
}

using Halyard.Core.Approvals;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Policies;

namespace Halyard.Core.Changes.Simulating;

/// <summary>Who could approve what was asked for, by the roles of now: as many people of each group as could be asked are taken to exist.</summary>
internal sealed class Voters(People people)
{
    private readonly Dictionary<(string Scope, Requirement Requirement), ApproverDirectory> _known = [];

    /// <summary>What nobody could ever approve of a requirement, in words; <see langword="null"/> where there are people enough.</summary>
    public string? Gap(Requirement requirement, RequestScope scope, Party requester)
    {
        var key = (
            $"{scope.Project} {string.Join(' ', scope.Environments)} {string.Join(' ', scope.Owners.Order(StringComparer.Ordinal))}",
            requirement
        );
        if (!_known.TryGetValue(key, out var directory))
            _known[key] = directory = people.WithGroups(scope, requirement);
        return Quorum.Gap(requirement, directory.Members.Where(member => !requester.IsSameAs(member.Who)));
    }
}

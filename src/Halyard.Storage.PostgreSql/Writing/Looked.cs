using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>What the commits of a batch look at, each once.</summary>
internal sealed record Looked(
    ResourceName[] Names,
    string[] Fences,
    (string Credential, string Key)[] Answers,
    string[] Subjects,
    string[] Erasing,
    string[] EntryIds
)
{
    public static Looked At(IReadOnlyList<Commit> commits)
    {
        var names = new HashSet<ResourceName>();
        var fences = new HashSet<string>(StringComparer.Ordinal);
        foreach (var commit in commits)
        {
            names.UnionWith(commit.Writes.Select(write => write.Name));
            foreach (var precondition in commit.Preconditions)
            {
                _ = precondition switch
                {
                    Precondition.Unchanged unchanged => names.Add(unchanged.Name),
                    Precondition.Fence fence => fences.Add(fence.Name),
                    Precondition.FenceStands fence => fences.Add(fence.Name),
                    _ => throw new InvalidOperationException($"A precondition of an unknown kind: {precondition}."),
                };
            }
        }
        var entries = commits.SelectMany(commit => commit.Entries).ToList();
        return new Looked(
            [.. names],
            [.. fences],
            [
                .. commits
                    .Select(commit => commit.Answer)
                    .OfType<PendingAnswer>()
                    .Select(answer => (answer.Credential, answer.Key))
                    .Distinct(),
            ],
            [.. entries.SelectMany(entry => entry.Privates).Select(value => value.Subject).Distinct(StringComparer.Ordinal)],
            [
                .. commits
                    .Select(commit => commit.Effect)
                    .OfType<CommitEffect.EraseSubjects>()
                    .SelectMany(erase => erase.Subjects)
                    .Distinct(StringComparer.Ordinal),
            ],
            [.. entries.Select(entry => entry.Id)]
        );
    }
}

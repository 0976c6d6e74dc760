using Halyard.Core.Access.Roles;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Deciding;

/// <summary>Which resources a policy lets through. Closed: what a policy writes that is not one of these is no filter.</summary>
public abstract record ResourceFilter
{
    private ResourceFilter() { }

    /// <summary>Whether the resource is let through.</summary>
    public bool Lets(ResourceAttributes resource) => Judge(resource, Doubt.None) == true;

    /// <summary>Whether some resource of the project could be let through.</summary>
    public bool MayLet(string project) => Judge(ResourceAttributes.Of("", project), Doubt.AllButProject) != false;

    /// <summary>Whether some resource of the same kind, project and environment could be let through, whatever its tags.</summary>
    public bool MayLetLike(ResourceAttributes resource) => Judge(resource, Doubt.Tags) != false;

    /// <summary>
    /// Whether it is let through whatever lies inside: what is kept back of some environment, tag or (of the tenant) project is kept
    /// back of the whole.
    /// </summary>
    public bool LetsWhole(ResourceAttributes whole) => Judge(whole, Doubt.Contents) == true;

    /// <summary>Yes, no, or <see langword="null"/> where that depends on what is not known.</summary>
    private protected abstract bool? Judge(ResourceAttributes resource, Doubt doubt);

    /// <summary>What is not known of the resource that is judged.</summary>
    private protected enum Doubt
    {
        None,
        Tags,
        AllButProject,

        /// <summary>What lies inside, as long as something is let through; it stands for itself there.</summary>
        Contents,

        /// <summary>The same where something is kept back: it could be any of what lies inside.</summary>
        ContentsKeptBack,
    }

    /// <summary>All of them; true of none.</summary>
    public sealed record All(IReadOnlyList<ResourceFilter> Of) : ResourceFilter
    {
        private protected override bool? Judge(ResourceAttributes resource, Doubt doubt)
        {
            bool? verdict = true;
            foreach (var part in Of)
            {
                var judged = part.Judge(resource, doubt);
                if (judged == false)
                    return false;
                verdict &= judged;
            }
            return verdict;
        }
    }

    /// <summary>At least one; false of none.</summary>
    public sealed record Any(IReadOnlyList<ResourceFilter> Of) : ResourceFilter
    {
        private protected override bool? Judge(ResourceAttributes resource, Doubt doubt)
        {
            bool? verdict = false;
            foreach (var part in Of)
            {
                var judged = part.Judge(resource, doubt);
                if (judged == true)
                    return true;
                verdict |= judged;
            }
            return verdict;
        }
    }

    /// <summary>Not this.</summary>
    public sealed record Not(ResourceFilter Of) : ResourceFilter
    {
        private protected override bool? Judge(ResourceAttributes resource, Doubt doubt) =>
            !Of.Judge(
                resource,
                doubt switch
                {
                    Doubt.Contents => Doubt.ContentsKeptBack,
                    Doubt.ContentsKeptBack => Doubt.Contents,
                    _ => doubt,
                }
            );
    }

    /// <summary>One of the resource's values in one respect is among these.</summary>
    /// <param name="Limit">Which respect.</param>
    /// <param name="Values">The values, ordinal.</param>
    public sealed record Within(Limit Limit, IReadOnlySet<string> Values) : ResourceFilter
    {
        private protected override bool? Judge(ResourceAttributes resource, Doubt doubt) =>
            IsUnknown(resource, doubt) ? null : Values.Overlaps(ValuesOf(resource));

        private bool IsUnknown(ResourceAttributes resource, Doubt doubt) =>
            doubt switch
            {
                Doubt.Tags => Limit == Limit.Tags,
                Doubt.AllButProject => Limit != Limit.Projects,
                Doubt.ContentsKeptBack => Limit != Limit.Kinds && (Limit != Limit.Projects || resource.Project.Length == 0),
                _ => false,
            };

        private Sequence<string> ValuesOf(ResourceAttributes resource) =>
            Limit switch
            {
                Limit.Projects => [resource.Project],
                Limit.Environments => [resource.Environment],
                Limit.EnvironmentTypes => [WireNames.Of(resource.EnvironmentType)],
                Limit.Kinds => [resource.Kind],
                Limit.Tags => resource.Tags,
            };
    }
}

/// <summary>In which respects a filter or a grant narrows.</summary>
public enum Limit
{
    Projects,
    Environments,
    EnvironmentTypes,
    Tags,
    Kinds,
}

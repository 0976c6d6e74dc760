using Halyard.Core.Access.Roles;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Deciding;

/// <summary>Which resources a policy lets through. Closed: what a policy writes that is not one of these is no filter.</summary>
public abstract record ResourceFilter
{
    private ResourceFilter() { }

    /// <summary>Whether the resource is let through.</summary>
    public bool Lets(ResourceAttributes resource) => Judge(resource, onlyProject: false) == true;

    /// <summary>Whether some resource of the project could be let through.</summary>
    public bool MayLet(string project) => Judge(ResourceAttributes.Of("", project), onlyProject: true) != false;

    /// <summary>Yes, no, or <see langword="null"/> where that depends on what is not known.</summary>
    private protected abstract bool? Judge(ResourceAttributes resource, bool onlyProject);

    /// <summary>All of them; true of none.</summary>
    public sealed record All(IReadOnlyList<ResourceFilter> Of) : ResourceFilter
    {
        private protected override bool? Judge(ResourceAttributes resource, bool onlyProject)
        {
            bool? verdict = true;
            foreach (var part in Of)
            {
                var judged = part.Judge(resource, onlyProject);
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
        private protected override bool? Judge(ResourceAttributes resource, bool onlyProject)
        {
            bool? verdict = false;
            foreach (var part in Of)
            {
                var judged = part.Judge(resource, onlyProject);
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
        private protected override bool? Judge(ResourceAttributes resource, bool onlyProject) => !Of.Judge(resource, onlyProject);
    }

    /// <summary>One of the resource's values in one respect is among these.</summary>
    /// <param name="Limit">Which respect.</param>
    /// <param name="Values">The values, ordinal.</param>
    public sealed record Within(Limit Limit, IReadOnlySet<string> Values) : ResourceFilter
    {
        private protected override bool? Judge(ResourceAttributes resource, bool onlyProject) =>
            onlyProject && Limit != Limit.Projects ? null : Values.Overlaps(ValuesOf(resource));

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

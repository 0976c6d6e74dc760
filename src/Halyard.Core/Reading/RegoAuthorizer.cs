using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Storage;

namespace Halyard.Core.Reading;

/// <summary>The authorizer that evaluates policies in this process.</summary>
public static class RegoAuthorizer
{
    /// <summary>One that decides by the roles and policies of a store.</summary>
    public static IAuthorizer On(IStore store, TimeProvider time) =>
        new PolicyAuthorizer(new AccessStates(store), new RegoEngine(time));
}

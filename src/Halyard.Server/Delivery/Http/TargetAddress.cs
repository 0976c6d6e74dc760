using System.Diagnostics.CodeAnalysis;
using Halyard.Core.Audit.Sinks;

namespace Halyard.Server.Delivery.Http;

/// <summary>Finds the address of a sink's target.</summary>
internal static class TargetAddress
{
    /// <summary>The address from the settings or from the secret; else what is wrong, in words without the address.</summary>
    public static bool TryFind(
        string tenant,
        SinkSettings settings,
        Secrets secrets,
        [NotNullWhen(true)] out Uri? address,
        [NotNullWhen(false)] out DeliveryResult? problem
    )
    {
        address = null;
        problem = null;
        var (text, missing) = settings.TargetSecret is { } name
            ? secrets.FindAddress(name, tenant)
            : new FoundSecret(settings.Target, "");
        if (text is null)
            problem = DeliveryResult.Failed(missing);
        else if (!SinkRules.IsAddress(text, out address))
            problem = DeliveryResult.Failed("the target's address must be https without credentials (http only to this machine)");
        return problem is null;
    }
}

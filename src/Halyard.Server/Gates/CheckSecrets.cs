using Halyard.Server.Delivery;

namespace Halyard.Server.Gates;

/// <summary>
/// The secrets that checks name: their own, so that whoever writes a check cannot have one of a sink or of the mail sent to an address of
/// theirs; and those that sign apart from those that are sent.
/// </summary>
internal sealed class CheckSecrets(IConfiguration configuration)
{
    /// <summary>What reports are signed with; never sent anywhere.</summary>
    public Secrets Signing { get; } = new(configuration, "Halyard:Checks:Secrets");

    /// <summary>What is sent to sources as a bearer token.</summary>
    public Secrets Tokens { get; } = new(configuration, "Halyard:Checks:Tokens");
}

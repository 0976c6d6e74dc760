namespace Halyard.Server.Delivery;

/// <summary>
/// Secrets by name, from the configuration under <c>Halyard:Secrets</c>. Sinks hold the names; a secret is looked up when it is
/// used and kept nowhere, so that a changed one counts at once.
/// </summary>
internal sealed class Secrets(IConfiguration configuration)
{
    private const string Section = "Halyard:Secrets";

    /// <summary>The secret, or <see langword="null"/> where none of this name is configured.</summary>
    public string? Find(string name) => configuration[$"{Section}:{name}"] is { Length: > 0 } secret ? secret : null;

    /// <summary>What to say where a secret is missing.</summary>
    public static string Missing(string name) => $"there is no secret '{name}' in the configuration ({Section}:{name})";
}

namespace Halyard.Core.Access.Roles;

/// <summary>The files of <c>policies/</c>, which are part of the assembly.</summary>
internal static class ShippedPolicy
{
    /// <summary>Opens one by its name.</summary>
    public static Stream Open(string name) =>
        typeof(ShippedPolicy).Assembly.GetManifestResourceStream($"policies/{name}")
        ?? throw new InvalidOperationException($"policies/{name} is not part of the assembly.");

    /// <summary>The text of one.</summary>
    public static string Read(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }
}

namespace Halyard.Core;

/// <summary>Files that are part of the program: the same bytes at every call.</summary>
internal static class ShippedFiles
{
    /// <summary>The bytes of an embedded file.</summary>
    /// <exception cref="InvalidOperationException">The assembly was built without it.</exception>
    public static byte[] Read(string name)
    {
        using var stream =
            typeof(ShippedFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"'{name}' is no part of this build");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

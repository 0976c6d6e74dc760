namespace Halyard.Cli;

/// <summary>Reads files that a user names.</summary>
internal static class InputFile
{
    /// <summary>The bytes, or <see langword="null"/> after saying why it cannot be read.</summary>
    /// <param name="file">The file.</param>
    /// <param name="maxBytes">Refuses larger files before they fill the memory.</param>
    /// <param name="host">Is told what is wrong.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public static async Task<byte[]?> ReadAsync(FileInfo file, long maxBytes, CliHost host, CancellationToken cancellationToken)
    {
        try
        {
            if (file.Exists && file.Length > maxBytes)
            {
                await host.Error.WriteLineAsync($"{file.Name} has {file.Length} bytes; at most {maxBytes} are read.");
                return null;
            }
            return await File.ReadAllBytesAsync(file.FullName, cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await host.Error.WriteLineAsync($"{file.Name} cannot be read: {problem.Message}");
            return null;
        }
    }
}

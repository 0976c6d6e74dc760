using System.Buffers.Text;
using System.Text;
using Halyard.Core.Audit.Privacy;

namespace Halyard.Core.Storage.Privacy;

/// <summary>The key-encryption key of subjects' keys in a file of one line that its owner alone can read.</summary>
public static class WrappingKeyFile
{
    private const string Header = "halyard-kek-1 ";

    /// <summary>The key in the file.</summary>
    /// <exception cref="IOException">The file cannot be read or holds no such key.</exception>
    public static byte[] Read(string path)
    {
        var text = File.ReadAllText(path).Trim();
        if (
            text.StartsWith(Header, StringComparison.Ordinal)
            && Base64Url.IsValid(text.AsSpan(Header.Length), out var length)
            && length == ValueCipher.KeyLength
        )
            return Base64Url.DecodeFromChars(text.AsSpan(Header.Length));
        throw new IOException($"The file '{path}' is not a key file of Halyard.");
    }

    /// <summary>The key in the file, or a new one where there is no file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isNeeded">Whether there is something already that is wrapped with its key.</param>
    /// <param name="entropy">Where a new key is drawn from.</param>
    /// <exception cref="IOException">The file is needed and missing, cannot be read, or holds no such key.</exception>
    public static byte[] ReadOrCreate(string path, bool isNeeded, Entropy entropy)
    {
        if (File.Exists(path))
            return Read(path);
        if (isNeeded)
            throw new IOException(
                $"The key file '{path}' is missing, and without it no personal value can be read. Put it back, or name it."
            );
        return Create(path, entropy);
    }

    /// <summary>A new key, durable in its file before it is used; an existing file is left as it is.</summary>
    public static byte[] Create(string path, Entropy entropy)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var key = entropy.Bytes(ValueCipher.KeyLength);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        // Under another name first: a file that is there is whole.
        var unfinished = path + ".new";
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(Encoding.ASCII.GetBytes($"{Header}{Base64Url.EncodeToString(key)}\n"));
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: false);
        return key;
    }
}

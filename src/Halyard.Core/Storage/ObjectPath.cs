using System.Buffers;

namespace Halyard.Core.Storage;

/// <summary>What may name an object in an <see cref="IObjectStore"/>, on every store alike.</summary>
public static class ObjectPath
{
    /// <summary>The most characters of a path.</summary>
    public const int MaxLength = 512;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_/"
    );

    /// <summary>Whether a text is a path.</summary>
    public static bool IsValid(string path)
    {
        if (path.Length is 0 or > MaxLength || path.AsSpan().ContainsAnyExcept(Allowed))
            return false;
        foreach (var part in path.AsSpan().Split('/'))
        {
            if (path.AsSpan()[part] is "" or "." or "..")
                return false;
        }
        return true;
    }

    /// <summary>Gives a path back that is one.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Checked(string path) =>
        IsValid(path)
            ? path
            : throw new ArgumentException(
                "An object's path is of letters, digits, '.', '-', '_' and '/', without empty, '.' or '..' parts.",
                nameof(path)
            );

    /// <summary>Gives a prefix back that a path may begin with; an empty one is every path's.</summary>
    /// <exception cref="ArgumentException">No path begins with it.</exception>
    public static string CheckedPrefix(string prefix)
    {
        // A prefix may end within a part, so that it is judged with a letter behind it.
        if (prefix.Length > 0)
            _ = Checked(prefix + "a");
        return prefix;
    }

    /// <summary>Refuses content that no store may take.</summary>
    /// <exception cref="ArgumentException">It has more than <see cref="IObjectStore.MaxBytes"/>.</exception>
    public static void CheckContent(ReadOnlyMemory<byte> content)
    {
        if (content.Length > IObjectStore.MaxBytes)
            throw new ArgumentException($"An object has at most {IObjectStore.MaxBytes} bytes.", nameof(content));
    }
}

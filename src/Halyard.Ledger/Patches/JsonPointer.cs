using System.Diagnostics.CodeAnalysis;

namespace Halyard.Ledger;

/// <summary>JSON Pointers (RFC 6901) as their unescaped tokens.</summary>
internal static class JsonPointer
{
    public static string EscapeToken(string token) =>
        token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>Splits a pointer; false when it is neither empty nor starts with '/', or has a '~' without 0 or 1.</summary>
    public static bool TrySplit(string pointer, [NotNullWhen(true)] out string[]? tokens)
    {
        tokens = null;
        if (pointer.Length == 0)
        {
            tokens = [];
            return true;
        }
        if (pointer[0] != '/' || HasStrayTilde(pointer))
            return false;
        tokens = pointer[1..].Split('/');
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = tokens[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        return true;
    }

    private static bool HasStrayTilde(string pointer)
    {
        for (var i = 0; i < pointer.Length; i++)
        {
            if (pointer[i] == '~' && (i + 1 == pointer.Length || pointer[i + 1] is not ('0' or '1')))
                return true;
        }
        return false;
    }
}

namespace Halyard.Storage.PostgreSql.Native;

/// <summary>
/// Texts as PostgreSQL can hold them: it refuses U+0000, which is written as U+0001 U+0001, and U+0001 as U+0001 U+0002. Equal texts
/// stay equal, others different, and their order by bytes is the same.
/// </summary>
internal static class Texts
{
    private const char Escape = '\u0001';
    private const string Nul = "\u0001\u0001";
    private const string Escaped = "\u0001\u0002";

    public static string Write(string text) =>
        text.AsSpan().IndexOfAny('\0', Escape) < 0
            ? text
            : text.Replace("\u0001", Escaped, StringComparison.Ordinal).Replace("\0", Nul, StringComparison.Ordinal);

    public static string Read(string text) =>
        text.Contains(Escape, StringComparison.Ordinal)
            ? text.Replace(Nul, "\0", StringComparison.Ordinal).Replace(Escaped, "\u0001", StringComparison.Ordinal)
            : text;
}

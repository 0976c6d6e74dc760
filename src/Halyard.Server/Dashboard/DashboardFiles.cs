using System.Collections.Frozen;
using System.Text;
using Halyard.Ledger;

namespace Halyard.Server.Dashboard;

/// <summary>
/// The dashboard's files, read once at the start: what is asked for is looked up by its whole address, so that no address reaches the
/// file system.
/// </summary>
internal sealed class DashboardFiles
{
    /// <summary>The page that every address of the dashboard shows.</summary>
    public const string Index = "index.html";

    /// <summary>What stands in the page where each answer puts a nonce of its own.</summary>
    public const string NonceMark = "__NONCE__";

    // What the build names by its content never changes under its name.
    private const string Hashed = "/assets/";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, DashboardFile> _files;
    private readonly string[]? _page;

    public DashboardFiles(DashboardOptions options)
    {
        var folder = options.Place;
        if (!File.Exists(Path.Combine(folder, Index)))
        {
            _files = FrozenDictionary<string, DashboardFile>.Empty;
            return;
        }
        _page = File.ReadAllText(Path.Combine(folder, Index)).Split(NonceMark);
        _files = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => ContentTypes.ContainsKey(Path.GetExtension(path)))
            .ToFrozenDictionary(
                path => "/" + Path.GetRelativePath(folder, path).Replace('\\', '/'),
                path => Read(folder, path),
                StringComparer.Ordinal
            );
    }

    /// <summary>Whether there is a dashboard.</summary>
    public bool Exist => _page is not null;

    /// <summary>The file at an address, or <see langword="null"/>.</summary>
    public DashboardFile? Find(string address) => _files.GetValueOrDefault(address);

    /// <summary>The page with a nonce in it.</summary>
    public byte[] Page(string nonce) => Encoding.UTF8.GetBytes(string.Join(nonce, _page!));

    private static DashboardFile Read(string folder, string path)
    {
        var plain = File.ReadAllBytes(path);
        var address = "/" + Path.GetRelativePath(folder, path).Replace('\\', '/');
        return new DashboardFile(
            ContentTypes[Path.GetExtension(path)],
            $"\"{Digest.Of(plain).ToString()[^32..]}\"",
            address.StartsWith(Hashed, StringComparison.Ordinal),
            plain,
            Beside(path, ".br"),
            Beside(path, ".gz")
        );
    }

    private static byte[]? Beside(string path, string extension) =>
        File.Exists(path + extension) ? File.ReadAllBytes(path + extension) : null;
}

/// <summary>A file of the dashboard.</summary>
/// <param name="ContentType">What it is.</param>
/// <param name="Tag">Its ETag.</param>
/// <param name="IsImmutable">Whether its content never changes under this name.</param>
/// <param name="Plain">Its bytes.</param>
/// <param name="Brotli">The same compressed; <see langword="null"/> where that saves nothing.</param>
/// <param name="Gzip">The same compressed otherwise; <see langword="null"/> where that saves nothing.</param>
internal sealed record DashboardFile(
    string ContentType,
    string Tag,
    bool IsImmutable,
    byte[] Plain,
    byte[]? Brotli,
    byte[]? Gzip
);

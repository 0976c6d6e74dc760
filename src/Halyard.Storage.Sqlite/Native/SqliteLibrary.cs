using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Halyard.Storage.Sqlite.Native;

/// <summary>Binds to the SQLite that the operating system maintains and patches, instead of shipping a copy that ages.</summary>
internal static class SqliteLibrary
{
    /// <summary>STRICT tables came with 3.37.</summary>
    private const int OldestVersion = 3_037_000;

    private static readonly Lazy<bool> Bound = new(Bind);

    private static readonly string[] Linux = ["libsqlite3.so.0", "libsqlite3.so"];
    private static readonly string[] MacOs = ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib"];
    private static readonly string[] Windows = ["winsqlite3.dll", "sqlite3.dll"];

    /// <summary>Makes SQLite callable; does nothing from the second call on.</summary>
    /// <exception cref="DllNotFoundException">There is no usable SQLite on this machine; the message says what to install.</exception>
    public static void Require() => _ = Bound.Value;

    private static bool Bind()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        // Nobody asks how much memory SQLite uses, and counting it takes a lock at each allocation.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
        if (raw.sqlite3_libversion_number() < OldestVersion)
        {
            var found = raw.sqlite3_libversion().utf8_to_string();
            throw new DllNotFoundException($"SQLite {found} is too old: Halyard needs 3.37 or newer.");
        }
        return true;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != "e_sqlite3")
            return 0;
        foreach (var candidate in Names)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, null, out var handle))
                return handle;
        }
        throw new DllNotFoundException(
            $"SQLite is not installed: none of {string.Join(", ", Names)} was found. "
                + "Install libsqlite3-0 (Debian, Ubuntu), sqlite-libs (Alpine, Fedora) or sqlite (Homebrew)."
        );
    }

    private static string[] Names =>
        OperatingSystem.IsWindows() ? Windows
        : OperatingSystem.IsMacOS() ? MacOs
        : Linux;
}

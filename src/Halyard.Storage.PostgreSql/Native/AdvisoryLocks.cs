using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Halyard.Storage.PostgreSql.Native;

/// <summary>Numbers of advisory locks: one for each purpose, in a number space that a whole database shares.</summary>
internal static class AdvisoryLocks
{
    /// <summary>Waits for a lock that the transaction then has to its end.</summary>
    public const string Take = "SELECT pg_advisory_xact_lock($1)";

    public static long Number(string schema, string purpose) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"halyard\n{schema}\n{purpose}")));
}

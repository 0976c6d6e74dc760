using Halyard.Ledger;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Native;

/// <summary>Columns of a row in the product's types.</summary>
internal static class Rows
{
    public static string Text(this NpgsqlDataReader reader, int column) => Texts.Read(reader.GetString(column));

    public static byte[] Bytes(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    public static byte[]? BytesOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.Bytes(column);

    public static DateTimeOffset Time(this NpgsqlDataReader reader, int column) =>
        Instants.From(reader.GetFieldValue<DateTime>(column));

    public static Digest Digest(this NpgsqlDataReader reader, int column) => Ledger.Digest.FromBytes(reader.Bytes(column));

    public static Digest? DigestOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.Digest(column);
}

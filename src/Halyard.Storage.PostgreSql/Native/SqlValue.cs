using Halyard.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Halyard.Storage.PostgreSql.Native;

/// <summary>A value on its way into a parameter, in the form that the tables hold it in.</summary>
internal readonly struct SqlValue
{
    private SqlValue(NpgsqlParameter parameter) => Parameter = parameter;

    public NpgsqlParameter Parameter { get; }

    public static implicit operator SqlValue(int number) => Of(number);

    public static implicit operator SqlValue(long number) => Of(number);

    public static implicit operator SqlValue(bool value) => Of(value);

    public static implicit operator SqlValue(string text) => Of(Texts.Write(text));

    public static implicit operator SqlValue(byte[] bytes) => Of(bytes);

    public static implicit operator SqlValue(Digest digest) => Of(digest.ToArray());

    public static implicit operator SqlValue(DateTimeOffset time) => Of(Instants.Floor(time));

    public static implicit operator SqlValue(DateTime utc) => Of(utc);

    public static implicit operator SqlValue(Guid term) => Of(term);

    public static implicit operator SqlValue(int[] numbers) => Of(numbers);

    public static implicit operator SqlValue(long[] numbers) => Of(numbers);

    public static implicit operator SqlValue(bool[] values) => Of(values);

    public static implicit operator SqlValue(Guid[] terms) => Of(terms);

    public static implicit operator SqlValue(byte[]?[] bytes) => Of(bytes);

    public static implicit operator SqlValue(string[] texts) => Of(Array.ConvertAll(texts, Texts.Write));

    public static implicit operator SqlValue(DateTimeOffset[] times) => Of(Array.ConvertAll(times, Instants.Floor));

    /// <summary>The bytes, or NULL.</summary>
    public static SqlValue OrNull(byte[]? bytes) =>
        bytes is null ? new(new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea }) : Of(bytes);

    private static SqlValue Of<T>(T value) => new(new NpgsqlParameter<T> { TypedValue = value });
}

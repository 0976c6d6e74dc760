using System.Runtime.InteropServices;
using Halyard.Ledger;

namespace Halyard.Storage.Sqlite.Native;

/// <summary>A value on its way into a parameter, without boxing.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct SqlValue
{
    private SqlValue(long number) => (Type, Number) = (SqlType.Integer, number);

    private SqlValue(string text) => (Type, Text) = (SqlType.Text, text);

    private SqlValue(ReadOnlyMemory<byte> bytes) => (Type, Bytes) = (SqlType.Blob, bytes);

    public SqlType Type { get; }

    public long Number { get; }

    public string? Text { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static implicit operator SqlValue(long number) => new(number);

    public static implicit operator SqlValue(string? text) => text is null ? default : new(text);

    public static implicit operator SqlValue(byte[] bytes) => new(bytes);

    public static implicit operator SqlValue(ReadOnlyMemory<byte> bytes) => new(bytes);

    public static implicit operator SqlValue(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? new(some) : default;

    public static implicit operator SqlValue(Digest digest) => new(digest.ToArray());

    public static implicit operator SqlValue(Digest? digest) => digest is { } some ? new(some.ToArray()) : default;

    public static implicit operator SqlValue(DateTimeOffset time) => new(Micros.Floor(time));
}

internal enum SqlType
{
    Null,
    Integer,
    Text,
    Blob,
}

using System.Diagnostics.CodeAnalysis;

namespace Halyard.Core;

/// <summary>A value, or the expected error that stands in its place.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Error? error)
    {
        _value = value;
        Error = error;
    }

    /// <summary>The error, or <see langword="null"/> where there is a value.</summary>
    public Error? Error { get; }

    /// <summary>The value; asking for it where there is an error is a bug.</summary>
    public T Value => Error is null ? _value! : throw new InvalidOperationException($"There is no value but an error: {Error}");

    /// <summary>True with the value, or false with the error.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Error? error)
    {
        value = _value;
        error = Error;
        return error is null;
    }

#pragma warning disable CA2225 // The implicit conversions are the factory: `return value;` and `return error;`.
    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);
#pragma warning restore CA2225
}

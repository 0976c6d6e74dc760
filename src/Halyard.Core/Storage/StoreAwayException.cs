namespace Halyard.Core.Storage;

/// <summary>The storage cannot be reached, for anybody and not for good: another server, or this one later, may do it.</summary>
public sealed class StoreAwayException : IOException
{
    /// <inheritdoc/>
    public StoreAwayException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <inheritdoc/>
    public StoreAwayException(string message)
        : base(message) { }

    /// <inheritdoc/>
    public StoreAwayException() { }
}

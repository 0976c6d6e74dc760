namespace Halyard.Server.Publishing;

/// <summary>
/// What is published, what was signed and what the store holds contradict each other: something was altered, or an older copy was
/// put back. Publishing stops until an operator looks; nothing mends it by itself.
/// </summary>
/// <param name="message">The contradiction, in words.</param>
internal sealed class LedgerAlarmException(string message) : Exception(message);

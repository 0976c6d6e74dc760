namespace Halyard.Server.Delivery;

/// <summary>What became of one message.</summary>
internal enum DeliveryVerdict
{
    /// <summary>The target has it.</summary>
    Accepted,

    /// <summary>The target did not take it, and says that the message is why. Tried some times more.</summary>
    Refused,

    /// <summary>The target judged this very message and will never take it.</summary>
    RefusedForGood,

    /// <summary>The target was not reached, is not able, or takes nothing from us. Tried for as long as it lasts.</summary>
    Failed,
}

/// <summary>What became of one message, in words without anything that is secret or that the target said freely.</summary>
/// <param name="Verdict">What it means for the message.</param>
/// <param name="Words">What came back.</param>
/// <param name="RetryAfter">How long the target asks to wait, or <see langword="null"/>.</param>
internal sealed record DeliveryResult(DeliveryVerdict Verdict, string Words, TimeSpan? RetryAfter = null)
{
    /// <summary>The target was not reached, is not able, or takes nothing from us.</summary>
    public static DeliveryResult Failed(string words) => new(DeliveryVerdict.Failed, words);
}

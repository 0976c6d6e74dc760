using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Halyard.Storage.DynamoDb.Native;

/// <summary>What a failed request means.</summary>
internal static class Failures
{
    private const string ConditionFailed = "ConditionalCheckFailed";

    private static readonly string[] PassingCodes =
    [
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    ];

    /// <summary>Whether a condition of ours did not hold: an answer, not a failure.</summary>
    public static bool IsCondition(Exception? broken) =>
        broken is ConditionalCheckFailedException
        || (
            broken is TransactionCanceledException { CancellationReasons: { } reasons }
            && reasons.Exists(reason => reason.Code == ConditionFailed)
        );

    /// <summary>Whether the same may succeed later. It may also have taken effect already.</summary>
    public static bool Passes(Exception broken, CancellationToken cancellationToken) =>
        broken switch
        {
            TransactionCanceledException { CancellationReasons: { } reasons } => !IsCondition(broken)
                && reasons.TrueForAll(reason =>
                    reason.Code is null or "None" or "TransactionConflict" or "ThrottlingError" or "ProvisionedThroughputExceeded"
                ),
            AmazonServiceException answered => (int)answered.StatusCode is 0 or >= (int)HttpStatusCode.InternalServerError
                || PassingCodes.Contains(answered.ErrorCode, StringComparer.Ordinal),
            OperationCanceledException => !cancellationToken.IsCancellationRequested,
            AmazonClientException or HttpRequestException or IOException => true,
            _ => false,
        };
}

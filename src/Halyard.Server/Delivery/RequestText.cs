using Halyard.Core.Audit.Sinks;

namespace Halyard.Server.Delivery;

/// <summary>What people are told of change requests: one template for each event, whatever way it goes.</summary>
internal static class RequestText
{
    /// <summary>The event in a few words.</summary>
    public static string Title(RequestEvent what) =>
        what switch
        {
            RequestEvent.ApprovalNeeded => "Approval needed",
            RequestEvent.Escalated => "Approval overdue, others are asked",
            RequestEvent.Decided => "Change request decided",
            RequestEvent.Applied => "Change request applied",
            RequestEvent.Conflicted => "Change request in conflict",
            RequestEvent.Failed => "Change request could not be applied",
            RequestEvent.Bypass => "Emergency past approval",
        };

    /// <summary>The event in a sentence. The request itself is where operations, comments and reasons are read.</summary>
    /// <param name="what">The event.</param>
    /// <param name="subject">What it is about: <c>change-request 'cr_…'</c>.</param>
    /// <param name="words">What happened, as the log says it.</param>
    public static string Line(RequestEvent what, string subject, string words) =>
        what switch
        {
            RequestEvent.ApprovalNeeded => $"{subject} waits for approval: {words}",
            RequestEvent.Escalated => $"{subject} has waited too long: {words}",
            RequestEvent.Decided => $"{subject}: {words}",
            RequestEvent.Applied => $"{subject} took effect: {words}",
            RequestEvent.Conflicted => $"{subject} must be rebased or edited: {words}",
            RequestEvent.Failed => $"{subject} did not take effect: {words}",
            RequestEvent.Bypass => $"{subject} was changed without waiting for approval: {words}",
        };
}

using Halyard.Ledger;

namespace Halyard.Core;

/// <summary>
/// Every expected way in which a request can fail. Closed: the server maps each leaf to problem+json in one exhaustive switch.
/// Exceptions mean a bug or broken infrastructure, never one of these.
/// </summary>
public abstract record Error
{
    private Error() { }

    /// <summary>The input is wrong; all that is wrong with it, each with the place.</summary>
    public sealed record Invalid(IReadOnlyList<FieldProblem> Problems) : Error
    {
        /// <summary>One problem at one place.</summary>
        public static Invalid At(string pointer, string message) => new([new FieldProblem(pointer, message)]);
    }

    /// <summary>There is no such resource, or the caller may not know of it.</summary>
    public sealed record NotFound(string Kind, string Key) : Error;

    /// <summary>An operation was based on a revision that is no longer the current one of what it touches.</summary>
    public sealed record StaleRevision(IReadOnlyList<StaleResource> Resources) : Error;

    /// <summary><c>If-Match</c> names another revision than the current one.</summary>
    public sealed record PreconditionFailed(long Expected, long Actual) : Error;

    /// <summary>A vote was cast on another content than the present one of a change request.</summary>
    public sealed record ContentChanged(Digest Expected, Digest Actual) : Error;

    /// <summary>The resource stands where this cannot be done; <paramref name="Reason"/> says why in words.</summary>
    public sealed record WrongState(string Reason) : Error;

    /// <summary>The idempotency key was used before with another request.</summary>
    public sealed record IdempotencyKeyReused(string Key) : Error;

    /// <summary>Policy denies; <paramref name="Reason"/> says why in words.</summary>
    public sealed record Denied(string Reason) : Error;

    /// <summary>A freeze holds it up; <paramref name="Reason"/> says which and until when in words.</summary>
    public sealed record Frozen(string Reason) : Error;

    /// <summary>
    /// Policy would have the actor prove again who it is: no longer ago than <paramref name="MaxAgeSeconds"/>, and as strongly as one
    /// of <paramref name="Acr"/> says, if it names any.
    /// </summary>
    public sealed record ReauthenticationRequired(int MaxAgeSeconds, IReadOnlyList<string> Acr) : Error;

    /// <summary>What is asked for is still being made, or cannot be begun yet; <paramref name="Reason"/> says why in words.</summary>
    public sealed record NotReady(string Reason) : Error;

    /// <summary>It was there and was removed, as announced; <paramref name="Reason"/> says when and why in words.</summary>
    public sealed record Gone(string Reason) : Error;

    /// <summary>What is to be erased still stands in live resources, which must be edited first.</summary>
    public sealed record StillInUse(IReadOnlyList<ResourceReference> Resources) : Error;

    /// <summary>A legal hold forbids it.</summary>
    public sealed record Held(IReadOnlyList<string> Holds) : Error;

    /// <summary>Other writers kept winning; the change may be sent again.</summary>
    public sealed record Contended : Error;
}

/// <summary>A resource in words.</summary>
public sealed record ResourceReference(string Kind, string Project, string Key);

/// <summary>One thing that is wrong with an input.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901) into the request's body; empty for the whole body.</param>
/// <param name="Message">What is wrong, in words.</param>
public sealed record FieldProblem(string Pointer, string Message);

/// <summary>A resource whose revision was not the one a change was based on; 0 means that it does not exist.</summary>
public sealed record StaleResource(string Kind, string Project, string Key, long Expected, long Actual);

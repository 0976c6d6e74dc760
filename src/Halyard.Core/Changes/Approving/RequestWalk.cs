using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes.Approving;

/// <summary>A request while one submission leads it from state to state.</summary>
internal sealed class RequestWalk(ChangeRequest request, Occasion occasion)
{
    private readonly List<SemanticChange> _all = [];
    private int _written;

    /// <summary>The request as it is by now.</summary>
    public ChangeRequest Request { get; private set; } = request;

    /// <summary>Who does it, and when.</summary>
    public Occasion Occasion => occasion;

    /// <summary>Everything that happened.</summary>
    public IReadOnlyList<SemanticChange> All => _all;

    /// <summary>Whether nothing but the re-check stands between the request and what it asks for.</summary>
    public bool IsDue =>
        Request.State is ChangeRequestState.Approved or ChangeRequestState.Scheduled
        && !(Request.Content.Window?.From > occasion.At);

    /// <summary>Gives a command; the error where it is refused.</summary>
    public Error? Take(RequestCommand command)
    {
        if (!RequestMachine.Decide(Request, command, occasion).TryGet(out var transition, out var error))
            return error;
        Take(transition);
        return null;
    }

    /// <summary>Goes where a transition leads.</summary>
    public void Take(Transition transition)
    {
        Request = transition.Next;
        _all.AddRange(transition.Changes);
    }

    /// <summary>What happened since this was asked last.</summary>
    public IReadOnlyList<SemanticChange> Flush()
    {
        var rest = _all[_written..];
        _written = _all.Count;
        return rest;
    }
}

/// <summary>What a request's operations do to the state of now.</summary>
internal sealed record ApplyGroundwork(
    Change Change,
    IReadOnlyList<Operation> Operations,
    Workspace Workspace,
    StepEdits Compared,
    Impact Impact,
    IReadOnlyList<Precondition> Preconditions
);

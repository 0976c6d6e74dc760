namespace Halyard.Core.Tests.Approvals;

/// <summary>
/// What a request of two stages should do, written again without looking: one lead within 24 h or it is rejected, then one product
/// owner within 48 h or the director is asked too, three times at most; 30 days in all. People by name; a service is its owner.
/// </summary>
internal sealed class ReferenceModel(bool anyRejectCloses, bool distinct)
{
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["lead"] = "L",
        ["lead2"] = "L",
        ["owner"] = "O",
        ["both"] = "LO",
        ["director"] = "D",
        ["dev"] = "L",
    };

    public string State = "draft";
    public HashSet<string> Hands = ["dev"];
    public Dictionary<string, string> Votes = [];
    public int Version,
        Escalations;
    private string _watched = "";
    private DateTimeOffset _since,
        _end;

    public bool Enough(string? without = null) =>
        Approvers(without)
            .Any(first => Is(first, 'L') && Approvers(without).Any(second => IsOwner(second) && (first != second || !distinct)));

    public DateTimeOffset? Due =>
        State is "draft" or "applying" || Closed ? null
        : State == "pending" && StageEnd < _end ? StageEnd
        : _end;

    public bool Closed => State is "applied" or "rejected" or "cancelled" or "expired";

    public bool Vote(string who, string kind, DateTimeOffset at)
    {
        var open =
            kind == "approve" && !FirstDone ? "L"
            : Escalations > 0 ? "LOD"
            : "LO";
        if (!IsVoting || Hands.Contains(who) || !Roles.GetValueOrDefault(who, "").Any(open.Contains))
            return false;
        Votes[who] = kind;
        if (kind == "reject" && anyRejectCloses)
            State = "rejected";
        else
            Stand(at);
        return true;
    }

    public bool Withdraw(string who, DateTimeOffset at) => IsVoting && Votes.Remove(who) && Stand(at);

    public bool Submit(DateTimeOffset at)
    {
        if (State != "draft")
            return false;
        _end = at.AddDays(30);
        return Stand(at);
    }

    public bool Edit(string who, DateTimeOffset at)
    {
        if (Closed || State == "applying")
            return false;
        Hands.Add(who);
        Version++;
        if (State == "draft")
            return true;
        (Votes, Escalations, _end) = ([], 0, at.AddDays(30));
        return Stand(at);
    }

    public bool To(string next, params string[] from) => from.Contains(State) && (State = next) == next;

    public bool Retry(DateTimeOffset at) => State == "apply_failed" && Stand(at);

    public bool Return(string without, DateTimeOffset at) =>
        State == "approved" && (Enough(without) ? To("applying", State) : Votes.Remove(without) && Stand(at));

    /// <summary>What is due now happens.</summary>
    public void Fire(DateTimeOffset at)
    {
        if (State == "pending" && StageEnd <= at && StageEnd <= _end)
            State =
                !FirstDone ? "rejected"
                : ++Escalations > 3 ? "expired"
                : State;
        else
            State = "expired";
        if (State == "pending")
            Stand(at);
    }

    private DateTimeOffset StageEnd => _since.AddHours(FirstDone ? 48 : 24);
    private bool IsVoting => State is "pending" or "approved" or "changes_requested";
    private bool FirstDone => Approvers(null).Any(who => Is(who, 'L'));

    private IEnumerable<string> Approvers(string? without) =>
        Votes.Where(vote => vote.Value == "approve" && vote.Key != without).Select(vote => vote.Key);

    private bool IsOwner(string who) => Is(who, 'O') || Escalations > 0 && Is(who, 'D');

    private static bool Is(string who, char role) => Roles.GetValueOrDefault(who, "").Contains(role);

    private bool Stand(DateTimeOffset at)
    {
        State =
            Votes.ContainsValue("changes") ? "changes_requested"
            : Enough() ? "approved"
            : "pending";
        var watched = $"{State} {FirstDone} {Escalations} {Version}";
        if (watched != _watched)
            (_watched, _since) = (watched, at);
        return true;
    }
}

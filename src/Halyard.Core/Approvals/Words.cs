using Halyard.Core.Flags.Differences;

namespace Halyard.Core.Approvals;

/// <summary>Names in sentences of the log: quoted, so that none can forge one.</summary>
internal static class Words
{
    public static string Of(Party party) => ChangeList.Quote(party.Subject);

    public static string Of(Vote vote) => vote.For is { } other ? $"{Of(vote.Voter)} for {Of(other)}" : Of(vote.Voter);

    public static string Quote(string name) => ChangeList.Quote(name);
}

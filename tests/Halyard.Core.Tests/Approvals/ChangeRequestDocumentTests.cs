using System.Text;
using System.Text.RegularExpressions;
using Halyard.Core.Approvals;
using Halyard.Testing;

namespace Halyard.Core.Tests.Approvals;

/// <summary>What the documentation says of states and actions is the table; and the table leads nowhere it must not.</summary>
public sealed partial class ChangeRequestDocumentTests
{
    private const string Begin = "<!-- written by ChangeRequestDocumentTests -->\n";
    private const string End = "<!-- end -->\n";

    private static IEnumerable<ChangeRequestState> States => Enum.GetValues<ChangeRequestState>();

    private static IEnumerable<RequestAction> Actions => Enum.GetValues<RequestAction>();

    [Fact]
    public void Document_ListsEveryStateAndAction()
    {
        var path = Path.Combine(Suites.RepositoryRoot, "docs/change-requests.md");
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        var expected = Written().Replace(text, Begin + Table() + End);
        if (Environment.GetEnvironmentVariable("HALYARD_REFRESH_SNAPSHOTS") == "true")
            File.WriteAllText(path, expected);
        text.ShouldContain(Begin);
        File.ReadAllText(path).ReplaceLineEndings("\n").ShouldBe(expected);
    }

    [Fact]
    public void Table_ClosedStates_LeadNowhere() =>
        States
            .Where(state => state.IsClosed())
            .ShouldAllBe(state => Actions.All(action => !TransitionTable.Next(state, action).Any()));

    [Fact]
    public void Table_OpenStates_AllLeadToAClosedOne()
    {
        foreach (var state in States)
        {
            var reached = new HashSet<ChangeRequestState> { state };
            for (var count = 0; count != reached.Count; )
            {
                count = reached.Count;
                reached.UnionWith(
                    reached.ToList().SelectMany(from => Actions.SelectMany(action => TransitionTable.Next(from, action)))
                );
            }
            reached.ShouldContain(to => to.IsClosed());
        }
    }

    [Fact]
    public void Table_OnlyBeginningToApply_LeadsToApplying_AndOnlyApplyingToApplied()
    {
        foreach (var (state, action) in States.SelectMany(state => Actions.Select(action => (state, action))))
        {
            var next = TransitionTable.Next(state, action);
            if (next.Contains(ChangeRequestState.Applying) && state != ChangeRequestState.Applying)
                action.ShouldBe(RequestAction.BeginApply);
            if (next.Contains(ChangeRequestState.Applied))
                (state, action).ShouldBe((ChangeRequestState.Applying, RequestAction.Applied));
        }
    }

    [Fact]
    public void Refusal_OfEveryEmptyCell_SaysWhy()
    {
        foreach (var (state, action) in States.SelectMany(state => Actions.Select(action => (state, action))))
        {
            if (!TransitionTable.Next(state, action).Any())
                TransitionTable.Refusal(state, action).ShouldContain(state.Words());
        }
    }

    [GeneratedRegex("<!-- written by ChangeRequestDocumentTests -->\n.*?<!-- end -->\n", RegexOptions.Singleline)]
    private static partial Regex Written();

    private static string Table()
    {
        var text = new StringBuilder("| In | can happen | and leads to |\n|---|---|---|\n");
        foreach (var state in States)
        {
            var rows = Actions
                .Select(action => (action, Next: TransitionTable.Next(state, action)))
                .Where(row => row.Next.Any())
                .ToList();
            if (rows.Count == 0)
                text.Append("| **").Append(state.Words()).Append("** | nothing: it is final | |\n");
            foreach (var (action, next) in rows)
                text.Append("| **")
                    .Append(state.Words())
                    .Append("** | ")
                    .Append(action.Words())
                    .Append(" | ")
                    .AppendJoin(", ", next.Distinct().Order().Select(to => to.Words()))
                    .Append(" |\n");
        }
        return text.ToString();
    }
}

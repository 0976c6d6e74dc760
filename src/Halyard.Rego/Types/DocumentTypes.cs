namespace Halyard.Rego;

/// <summary>Gives every document its type, those it needs before it, and notes what can never be.</summary>
internal static class DocumentTypes
{
    public static void Infer(
        Document root,
        IEnumerable<Document> inOrder,
        ILookup<Document, TypedBranch> branches,
        List<RegoProblem> problems
    )
    {
        foreach (var document in inOrder)
            document.Type = TypeRules.Capped(Of(document, root, branches[document], problems));
    }

    private static RegoType Of(Document document, Document root, IEnumerable<TypedBranch> branches, List<RegoProblem> problems)
    {
        var values = new List<RegoType>();
        foreach (var branch in branches)
        {
            var checker = new TypeChecker(root, problems);
            checker.Check(branch.Statements);
            foreach (var key in branch.Tail)
                checker.Of(key);
            values.Add(checker.Of(branch.Value));
        }
        return document.Rules switch
        {
            SetRules => RegoType.SetOfType(TypeRules.Either(values)),
            PartialRules => RegoType.Object,
            _ => TypeRules.Either(values),
        };
    }
}

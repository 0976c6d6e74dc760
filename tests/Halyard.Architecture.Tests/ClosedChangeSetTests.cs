using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Services;
using Halyard.Core.Access.Users;
using Halyard.Core.Approvals;
using Halyard.Core.Audit.Holds;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Policies.Installing;

namespace Halyard.Architecture.Tests;

/// <summary>
/// Every operation is handled everywhere: it has a JSON name and an example in the vectors, an edit, and words for the audit
/// log; or it stands here among those that no request can send, with the reason.
/// </summary>
public sealed class ClosedChangeSetTests
{
    private static readonly Dictionary<Type, string> ServerInternal = new()
    {
        [typeof(CreateTenant)] = "the operator creates tenants on the server's command line; a credential belongs to one tenant",
        [typeof(CreateToken)] = "the server draws the secret, and the operation holds only its digest",
        [typeof(RotateToken)] = "the server draws the secret, and the operation holds only its digest",
        [typeof(RotateSdkKey)] = "the server draws the secret, and the operation holds only its digest",
        [typeof(RevokeToken)] = "credentials have endpoints of their own, whose action is not change.submit",
        [typeof(CreateSdkKey)] = "the server draws the secret, and the operation holds only its digest",
        [typeof(RevokeSdkKey)] = "credentials have endpoints of their own, whose action is not change.submit",
        [typeof(PlaceHold)] = "holds have endpoints of their own, whose action is not change.submit",
        [typeof(ReleaseHold)] = "holds have endpoints of their own, whose action is not change.submit",
        [typeof(CreateSink)] = "sinks have endpoints of their own, whose action is not change.submit",
        [typeof(UpdateSink)] = "sinks have endpoints of their own, whose action is not change.submit",
        [typeof(DeleteSink)] = "sinks have endpoints of their own, whose action is not change.submit",
        [typeof(CreateRole)] = "roles have endpoints of their own, whose action is not change.submit",
        [typeof(UpdateRole)] = "roles have endpoints of their own, whose action is not change.submit",
        [typeof(DeleteRole)] = "roles have endpoints of their own, whose action is not change.submit",
        [typeof(CreateAssignment)] = "assignments have endpoints of their own, whose action is not change.submit",
        [typeof(DeleteAssignment)] = "assignments have endpoints of their own, whose action is not change.submit",
        [typeof(SetPolicy)] = "the policy has an endpoint of its own, whose action is not change.submit",
        [typeof(SetApprovalPolicies)] = "approval policies have an endpoint of their own, whose action is not change.submit",
        [typeof(CreateCheck)] = "checks have endpoints of their own, whose action is not change.submit",
        [typeof(UpdateCheck)] = "checks have endpoints of their own, whose action is not change.submit",
        [typeof(DeleteCheck)] = "checks have endpoints of their own, whose action is not change.submit",
        [typeof(GiveDelegation)] = "whoever asks is whom the other stands in for, whom no body may name",
        [typeof(WithdrawDelegation)] = "delegations have endpoints of their own, whose action is not change.submit",
        [typeof(RecordEvidence)] = "the server judges what is reported, and asks sources itself",
        [typeof(SetPromotionGates)] = "promotion gates have an endpoint of their own, whose action is not change.submit",
        [typeof(SetRetention)] = "retention has an endpoint of its own, whose action is not change.submit",
        [typeof(CreateUser)] = "users have endpoints of their own, whose action is not change.submit",
        [typeof(UpdateUser)] = "users have endpoints of their own, whose action is not change.submit",
        [typeof(SetUserEnabled)] = "users have endpoints of their own, whose action is not change.submit",
        [typeof(SetPassword)] = "the server hashes the password, and the operation holds only its id",
        [typeof(DeleteUser)] = "users have endpoints of their own, whose action is not change.submit",
        [typeof(CreateFreeze)] = "freezes have endpoints of their own, whose action is not change.submit",
        [typeof(UpdateFreeze)] = "freezes have endpoints of their own, whose action is not change.submit",
        [typeof(LiftFreeze)] = "the server alone asks the source of incidents whether one is over",
        [typeof(DeleteFreeze)] = "freezes have endpoints of their own, whose action is not change.submit",
        [typeof(CreateServiceAccount)] = "whoever asks becomes the owner, whom no body may name",
        [typeof(UpdateServiceAccount)] = "service accounts have endpoints of their own, whose action is not change.submit",
        [typeof(TakeOverServiceAccount)] = "whoever asks becomes the owner, whom no body may name",
        [typeof(DeleteServiceAccount)] = "service accounts have endpoints of their own, whose action is not change.submit",
        [typeof(StartImport)] = "an import counts and digests its file itself",
        [typeof(FinishImport)] = "only the import knows that every line is an entry",
    };

    public static TheoryData<string> Examples => [.. OperationJson.Names];

    private static IReadOnlyList<Type> Operations { get; } =
    [.. typeof(Operation).Assembly.GetTypes().Where(type => typeof(Operation).IsAssignableFrom(type) && !type.IsAbstract)];

    [Fact]
    public void Vectors_HaveOneExampleOfEveryName() => OperationVectors.Names.ShouldBe(OperationJson.Names);

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_IsReadWithoutProblem(string name)
    {
        var (operation, problems) = OperationVectors.Read(name);

        problems.ShouldBeEmpty();
        operation.ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_AppliedToTheSampleProject_IsAnEditWithWords(string name)
    {
        var workspace = OperationVectors.SampleProject();

        FlagEditor.Apply(workspace, OperationVectors.Read(name).Operation!, "").ShouldBeTrue();

        workspace.Problems.ShouldBeEmpty();
        workspace.Stale.ShouldBeEmpty();
        var edit = workspace.Edits().ShouldHaveSingleItem();
        Differ.Compare(edit.Before?.Resource, edit.After).ShouldNotBeEmpty();
    }

    [Fact]
    public void EveryOperation_CanBeSent_OrIsTheServersOwn()
    {
        var sent = OperationJson.Names.Select(name => OperationVectors.Read(name).Operation!.GetType()).ToList();

        sent.ShouldBeUnique();
        Operations.ShouldNotBeEmpty();
        Operations.ShouldBe([.. sent, .. ServerInternal.Keys], ignoreOrder: true);
    }

    [Fact]
    public void EveryOperation_IsSealed() => Operations.ShouldAllBe(operation => operation.IsSealed);
}

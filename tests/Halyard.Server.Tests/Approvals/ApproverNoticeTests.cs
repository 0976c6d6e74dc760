using Halyard.Server.Tests.Delivery;

namespace Halyard.Server.Tests.Approvals;

/// <summary>FEAT-123 again, as the approvers' mailbox sees it.</summary>
public sealed class ApproverNoticeTests(ApproverNoticeTests.MailingWorld world) : IClassFixture<ApproverNoticeTests.MailingWorld>
{
    /// <summary>A server with policies in force that mails.</summary>
    public sealed class MailingWorld : ApprovalWorld
    {
        public MailStandIn Mail { get; } = new();

        protected override IEnumerable<string> Settings =>
            [
                "--Halyard:Mail:Host=127.0.0.1",
                $"--Halyard:Mail:Port={Mail.Port}",
                "--Halyard:Mail:StartTls=false",
                "--Halyard:Mail:From=halyard@example.com",
                "--Halyard:Secrets:leads=leads@example.com",
            ];

        protected override ValueTask StopNeighboursAsync() => Mail.DisposeAsync();
    }

    [Fact]
    public async Task Request_FromAskingToApplying_IsMailedStepByStep_EachOnce()
    {
        const string sink =
            """{"key":"mail","kind":"email","targetSecret":"leads","filter":{"classes":["approval"]},"groupSeconds":0}""";
        (await world.PostAsync("/api/v1/sinks", sink)).Expect(200);

        var (id, hash) = await world.AskAsync("checkout");
        await ExpectAsync("Approval needed", $"'{id}' waits for approval", "stage 'technical-review' needs 1 more of tech-lead");
        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
        await ExpectAsync(
            "Approval needed",
            $"'{id}' waits for approval",
            "stage 'business-review' needs 1 more of product-owner"
        );
        (await world.VoteAsync(id, hash, "approve", world.ProductOwner)).Expect(200);
        // What one commit wrote is told together.
        await ExpectAsync("Change requests: 2 entries", "approved: 2 of 2", $"'{id}' took effect");

        world.Mail.Taken.Count.ShouldBe(3);
    }

    private async Task ExpectAsync(string subject, params string[] words)
    {
        var mail = await world.Mail.NextAsync();
        mail.Subject.ShouldBe($"[Halyard] {subject}");
        foreach (var some in words)
            mail.Text.ShouldContain(some);
        mail.To.ShouldBe(["leads@example.com"]);
    }
}

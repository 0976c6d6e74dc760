using System.Text;
using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Approvals;

public sealed class ContentHashTests
{
    private static readonly ScheduleWindow Window = new(Desk.Start, Desk.Start.AddHours(1));

    [Fact]
    public void Of_IsTheDigestOfTheCanonicalContent()
    {
        var text =
            """{"bases":[{"key":"f","kind":"flag","project":"web","revision":3}],"environments":[{"id":"e_prod","key":"prod","type":"production"}],"operations":[{"enabled":true,"environment":"prod","flag":"f","op":"setEnabled"}],"policies":"POLICIES","project":"web","tenant":"default","window":{"from":"2026-03-02T09:00:00Z","to":"2026-03-02T10:00:00Z"}}""";
        var policies = Digest.Of("p"u8);

        ContentHash
            .Of("default", "web", Desk.Content(window: Window), policies)
            .ShouldBe(Digest.Of(Encoding.UTF8.GetBytes(text.Replace("POLICIES", policies.ToString()))));
    }

    [Fact]
    public void Of_AnyDifference_IsAnotherHash()
    {
        var policies = Digest.Of("p"u8);
        var content = Desk.Content();
        var twice = content with { Operations = [Desk.Operation, Desk.OtherOperation] };
        Digest[] hashes =
        [
            ContentHash.Of("default", "web", content, policies),
            ContentHash.Of("other", "web", content, policies),
            ContentHash.Of("default", "shop", content, policies),
            ContentHash.Of("default", "web", content, Digest.Of("q"u8)),
            ContentHash.Of("default", "web", Desk.Content(Desk.OtherOperation), policies),
            ContentHash.Of("default", "web", Desk.Content(revision: 4), policies),
            ContentHash.Of("default", "web", Desk.Content(window: Window), policies),
            ContentHash.Of("default", "web", Desk.Content(window: Window with { To = Window.To.AddTicks(1) }), policies),
            ContentHash.Of("default", "web", Desk.Content(type: EnvironmentType.Staging), policies),
            ContentHash.Of(
                "default",
                "web",
                content with
                {
                    Environments = [new("prod", "e_2", EnvironmentType.Production)],
                },
                policies
            ),
            ContentHash.Of("default", "web", twice, policies),
            ContentHash.Of("default", "web", twice with { Operations = [Desk.OtherOperation, Desk.Operation] }, policies),
        ];

        hashes.ShouldBeUnique();
    }

    [Fact]
    public void Content_OfPartsInAnyOrder_IsOne()
    {
        ResourceBase[] bases = [new(Flag.NameOf("web", "b"), 1), new(Flag.NameOf("web", "a"), 2)];
        TouchedPath[] touched = [new(bases[0].Resource, "/x"), new(bases[1].Resource, "/y"), new(bases[0].Resource, "/x")];

        var one = RequestContent.Of([Desk.Operation], bases, touched, [], null).Value;

        one.ShouldBe(RequestContent.Of([Desk.Operation], bases.Reverse(), touched.Reverse(), [], null).Value);
        one.Touched.Count.ShouldBe(2);
    }

    [Fact]
    public void Content_ThatIsNone_IsRefusedWithAllThatIsWrong()
    {
        var error = RequestContent
            .Of(
                ["""{"op": "spaces"}""", "no json"],
                Enumerable
                    .Range(0, 21)
                    .Select(i => new ResourceBase(Flag.NameOf("web", $"f{i}"), 1))
                    .Append(new(Desk.Flag, 1))
                    .Append(new(Desk.Flag, 2)),
                [],
                [],
                new ScheduleWindow(Window.To, Window.From)
            )
            .Error.ShouldBeOfType<Error.Invalid>();

        error
            .Problems.Select(problem => problem.Pointer)
            .ShouldBe(["/operations/0", "/operations/1", "/operations", "/operations", "/schedule/notAfter"]);
        RequestContent.Of([], [], [], [], null).Error.ShouldBeOfType<Error.Invalid>();
    }

    [Fact]
    public void TextOf_AnOperation_IsCanonicalWithoutItsBaseRevision() =>
        RequestContent
            .TextOf(
                new SetEnabled("f", "prod", true)
                {
                    Source = """{"op":"setEnabled", "flag":"f","environment":"prod","enabled":true,"baseRevision":3}""",
                }
            )
            .ShouldBe(Desk.Operation);

    [Fact]
    public void Document_ThatIsDamaged_IsNotRead()
    {
        var request = new Desk(content: Desk.Content(window: Window)).Request;
        var text = Encoding.UTF8.GetString(request.ToDocument());
        (string, string)[] damages =
        [
            ("\"state\":\"draft\"", "\"state\":\"open\""),
            ("\"hash\":\"sha256:", "\"hash\":\"md5:"),
            ("\"step\":1", "\"step\":-1"),
            ("\"remark\"", "\"remarks\""),
            ("\"votes\":[]", "\"votes\":{}"),
            ("\"kind\":\"flag\"", "\"kind\":\"banner\""),
            ("\"from\":\"2026", "\"from\":\"x2026"),
            ("\"id\":\"cr_1\"", "\"id\":\"cr_2\""),
        ];

        ChangeRequestJson.Read(request.Name, request.ToDocument()).ShouldBe(request);
        foreach (var (from, to) in damages)
        {
            text.ShouldContain(from);
            var damaged = Encoding.UTF8.GetBytes(text.Replace(from, to));
            Should.Throw<InvalidDataException>(() => ChangeRequestJson.Read(request.Name, damaged), from);
        }
    }
}

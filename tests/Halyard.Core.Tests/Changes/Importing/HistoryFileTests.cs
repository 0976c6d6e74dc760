using System.Text;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Flags;

namespace Halyard.Core.Tests.Changes.Importing;

public sealed class HistoryFileTests
{
    private const string Good =
        """{"at":"2024-03-11T19:33:45-04:00","actor":"ann","reason":"why","ref":"abc","operations":[{"op":"createFlag","flag":"a"}]}""";

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Line_InAnotherZone_IsReadInUtc()
    {
        var line = Read(Good + "\n").Lines.ShouldHaveSingleItem();
        line.At.ShouldBe(new DateTimeOffset(2024, 3, 11, 23, 33, 45, TimeSpan.Zero));
        line.At.Offset.ShouldBe(TimeSpan.Zero);
        (line.Number, line.Actor, line.Reason, line.Reference).ShouldBe((1, "ann", "why", "abc"));
        line.Operations.ShouldHaveSingleItem().ShouldBeOfType<CreateFlag>().Flag.ShouldBe("a");
    }

    [Fact]
    public void Key_IsSha256OfTheBytes_SoEveryByteCounts()
    {
        var unended = Read(Good);
        var ended = Read(Good + "\n");
        unended.Key.ShouldBe(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Good)))
        );
        ended.Key.ShouldNotBe(unended.Key);
    }

    [Fact]
    public void LastLine_WithoutNewline_IsALine() => Read(Good + "\n" + Good).Lines.Count.ShouldBe(2);

    [Fact]
    public void Lines_EndingInCarriageReturnAndNewline_AreRead() => Read(Good + "\r\n" + Good + "\r\n").Lines.Count.ShouldBe(2);

    [Fact]
    public void Reference_LeftOutOrNull_IsNone()
    {
        Read("""{"at":"2024-01-01T00:00:00Z","actor":"a","reason":"","operations":[{"op":"createFlag","flag":"a"}]}""")
            .Lines[0]
            .Reference.ShouldBeNull();
        Read(Good.Replace("\"abc\"", "null", StringComparison.Ordinal)).Lines[0].Reference.ShouldBeNull();
    }

    [Fact]
    public void EmptyFile_IsRefused() => Problem("").ShouldBe(("", "the file is empty; there is nothing to import"));

    [Theory]
    [InlineData("\n")]
    [InlineData("  \t\r\n")]
    public void BlankLine_IsRefused(string blank) => Problem(Good + "\n" + blank + Good).ShouldBe(("/1", "line 2: is blank"));

    [Fact]
    public void ByteOrderMark_IsRefused()
    {
        var (pointer, message) = Problem("\uFEFF" + Good);
        pointer.ShouldBe("/0");
        message.ShouldStartWith("line 1: begins with a byte order mark");
    }

    [Fact]
    public void InvalidUtf8_IsRefusedWithItsLine()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Good + "\n"), .. "{\"at\":\""u8, 0xC3, 0x28, .. "\"}\n"u8];
        var problem = Refuse(bytes).ShouldHaveSingleItem();
        problem.Pointer.ShouldStartWith("/1");
        problem.Message.ShouldStartWith("line 2: is not acceptable JSON");
    }

    [Theory]
    [InlineData("""{"at":"2024-01-01T00:00:00Z","at":"2024-01-01T00:00:00Z","actor":"a","reason":"","operations":[]}""")]
    [InlineData("""{"at":"2024-01-01T00:00:00Z","actor":"\ud800","reason":"","operations":[]}""")]
    [InlineData("{\"at\":")]
    [InlineData("nonsense")]
    [InlineData("{} {}")]
    public void Line_OfUnacceptableJson_IsRefused(string line) =>
        Problem(Good + "\n" + line).Message.ShouldStartWith("line 2: is not acceptable JSON");

    [Fact]
    public void Line_DeeperThanTheReaderGoes_IsRefused() =>
        Problem(new string('[', 100_000)).Message.ShouldStartWith("line 1: is not acceptable JSON");

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    public void Line_ThatIsNoObject_IsRefused(string line) => Problem(line).ShouldBe(("/0", "line 1: must be an object"));

    [Fact]
    public void Line_OfTwoMebibytes_IsRefused()
    {
        var line = Good.Replace("why", new string('x', 2 * 1024 * 1024), StringComparison.Ordinal);
        Problem(line).Message.ShouldContain("a line has at most 1048576");
    }

    [Fact]
    public void File_LargerThanTheLimit_IsRefusedUnread()
    {
        var problem = Refuse(new byte[HistoryFile.MaxBytes + 1]).ShouldHaveSingleItem();
        (problem.Pointer, problem.Message).ShouldBe(("", "has 67108865 bytes; at most 67108864 can be imported at once"));
    }

    [Fact]
    public void Time_BeforeTheLineAbove_IsRefused()
    {
        var earlier = Good.Replace("2024-03-11T19:33:45-04:00", "2024-03-11T23:33:44Z", StringComparison.Ordinal);
        var (pointer, message) = Problem(Good + "\n" + earlier);
        pointer.ShouldBe("/1/at");
        message.ShouldBe(
            "line 2: 2024-03-11T23:33:44Z is before the line above it, 2024-03-11T23:33:45Z; times must not decrease"
        );
    }

    [Fact]
    public void Time_EarlierByTheClockOnTheWallButNotInUtc_IsAccepted()
    {
        var west = Good.Replace("2024-03-11T19:33:45-04:00", "2024-03-11T12:00:00-12:00", StringComparison.Ordinal);
        Read(Good + "\n" + west).Lines.Count.ShouldBe(2);
    }

    [Fact]
    public void Time_InTheFuture_IsRefused() =>
        Problem(Good.Replace("2024-03-11T19:33:45-04:00", "2026-01-01T00:00:00.000001Z", StringComparison.Ordinal))
            .ShouldBe(("/0/at", "line 1: 2026-01-01T00:00:00.000001Z is in the future"));

    [Fact]
    public void Time_Now_IsAccepted() =>
        Read(Good.Replace("2024-03-11T19:33:45-04:00", "2026-01-01T00:00:00Z", StringComparison.Ordinal)).Lines.Count.ShouldBe(1);

    [Theory]
    [InlineData("\"2024-03-11\"")]
    [InlineData("\"2024-03-11 10:00:00Z\"")]
    [InlineData("\"2024-02-30T00:00:00Z\"")]
    [InlineData("1710200025")]
    [InlineData("null")]
    public void Time_InAnotherForm_IsRefused(string time) =>
        Problem(Good.Replace("\"2024-03-11T19:33:45-04:00\"", time, StringComparison.Ordinal)).Pointer.ShouldBe("/0/at");

    [Theory]
    [InlineData("""{"op":"launch","flag":"a"}""", "/0/operations/0/op", "'launch' is not an operation")]
    [InlineData("""{"op":"createToken","name":"a"}""", "/0/operations/0/op", "'createToken' is not an operation")]
    [InlineData("""{"op":"createProject","project":"a"}""", "/0/operations/0/op", "a project is created before")]
    [InlineData("""{"op":"createFlag","flag":"a","colour":"red"}""", "/0/operations/0/colour", "unknown member 'colour'")]
    [InlineData("""{"op":"createFlag","flag":"a b"}""", "/0/operations/0/flag", "must be letters, digits")]
    [InlineData(
        """{"op":"setEnabled","flag":"a","environment":"e","enabled":true,"baseRevision":3}""",
        "/0/operations/0/baseRevision",
        "history names no base revision"
    )]
    [InlineData("5", "/0/operations/0", "must be an object")]
    public void Operation_ThatHistoryCannotHold_IsRefused(string operation, string pointer, string words)
    {
        var line = $$"""{"at":"2024-01-01T00:00:00Z","actor":"a","reason":"","operations":[{{operation}}]}""";
        var (at, message) = Problem(line);
        at.ShouldBe(pointer);
        message.ShouldStartWith("line 1: " + words);
    }

    [Theory]
    [InlineData("actor")]
    [InlineData("reason")]
    [InlineData("operations")]
    [InlineData("at")]
    public void Member_LeftOut_IsRefused(string member)
    {
        var members = new[]
        {
            """ "at":"2024-01-01T00:00:00Z" """,
            """ "actor":"a" """,
            """ "reason":"" """,
            """ "operations":[{"op":"createFlag","flag":"a"}] """,
        };
        var line = $"{{{string.Join(',', members.Where(text => !text.Contains($"\"{member}\"", StringComparison.Ordinal)))}}}";
        Problem(line).ShouldBe(($"/0/{member}", "line 1: is required"));
    }

    [Fact]
    public void Member_Unknown_IsRefused() =>
        Problem(Good.Replace("\"ref\"", "\"href\"", StringComparison.Ordinal))
            .ShouldBe(("/0/href", "line 1: unknown member 'href'"));

    [Fact]
    public void Operations_NoneOrTooMany_AreRefused()
    {
        Problem(Good.Replace("""{"op":"createFlag","flag":"a"}""", "", StringComparison.Ordinal))
            .Pointer.ShouldBe("/0/operations");
        var many = string.Join(',', Enumerable.Repeat("""{"op":"createFlag","flag":"a"}""", 201));
        Problem(Good.Replace("""{"op":"createFlag","flag":"a"}""", many, StringComparison.Ordinal))
            .ShouldBe(("/0/operations", "line 1: must have at most 200 elements"));
    }

    [Fact]
    public void EveryLine_IsReadWhateverIsWrongWithOthers() =>
        Refuse(Encoding.UTF8.GetBytes("x\n" + Good + "\n{}\n"))
            .Select(problem => problem.Pointer)
            .ShouldBe(["/0", "/2/at", "/2/actor", "/2/reason", "/2/operations"]);

    [Fact]
    public void Problems_StopAtAThousand() =>
        Refuse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\n", 1_000_000)))).Count.ShouldBe(1_000);

    [Fact]
    public void HostileStrings_AreReadOrRefusedNeverThrown()
    {
        foreach (var line in File.ReadLines(Testing.Suites.Require("blns/blns.txt")))
        {
            var json = System.Text.Json.JsonSerializer.Serialize(line);
            var text =
                $$"""{"at":"2024-01-01T00:00:00Z","actor":"a","reason":{{json}},"operations":[{"op":"createFlag","flag":"a","name":{{json}}}]}""";
            Read(text).Lines[0].Reason.ShouldBe(line);
            _ = HistoryFile.Parse(Encoding.UTF8.GetBytes(line), Now).Error.ShouldNotBeNull();
        }
    }

    private static HistoryFile Read(string text) => HistoryFile.Parse(Encoding.UTF8.GetBytes(text), Now).Value;

    private static (string Pointer, string Message) Problem(string text)
    {
        var problem = Refuse(Encoding.UTF8.GetBytes(text)).ShouldHaveSingleItem();
        return (problem.Pointer, problem.Message);
    }

    private static IReadOnlyList<FieldProblem> Refuse(byte[] bytes) =>
        HistoryFile.Parse(bytes, Now).Error.ShouldBeOfType<Error.Invalid>().Problems;
}

using System.Buffers;
using System.IO.Pipelines;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;
using Halyard.Server.Ofrep;
using Halyard.Server.Snapshots;
using Halyard.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Halyard.Server.Tests.Ofrep;

/// <summary>
/// What answering allocates beside the host: the context that is read, and as tests are built (Debug) the state machines of
/// methods that never wait.
/// </summary>
public sealed class OfrepAllocationTests
{
    private const int Requests = 2_000;

    private static readonly byte[] Question =
        """{"context":{"targetingKey":"user-0123456789abcde","plan":"enterprise","country":"DE","version":"4.2.1","email":"someone@example.com","team":"team-777"}}"""u8.ToArray();

    [Theory]
    [InlineData("flag-000")]
    [InlineData("flag-001")]
    [InlineData("flag-002")]
    public void OneFlag_AllocatesWhatIsBudgeted(string key) =>
        PerRequest((handler, http) => handler.EvaluateOneAsync(http, key), "\"key\":\"" + key)
            .ShouldBeLessThanOrEqualTo(AllocationBudgets.Bytes("ofrep/one"));

    [Fact]
    public void OneHundredFlags_AllocateWhatIsBudgeted() =>
        PerRequest((handler, http) => handler.EvaluateAllAsync(http), "\"key\":\"flag-099")
            .ShouldBeLessThanOrEqualTo(AllocationBudgets.Bytes("ofrep/all-of-100"));

    private static long PerRequest(Func<OfrepHandler, HttpContext, Task> answer, string expected)
    {
        var table = new SnapshotTable();
        table.GetOrAdd("tenant", "environment").Current = Flags();
        var handler = new OfrepHandler(table, TimeProvider.System);
        var exchange = new Exchange(Question);
        var http = new DefaultHttpContext();
        http.Features.Set(new SdkCaller("tenant", "environment"));
        http.Features.Set<IRequestBodyPipeFeature>(exchange);
        http.Features.Set<IHttpResponseBodyFeature>(exchange);

        Run();
        exchange.Answer.ShouldContain(expected);
        // The least of some: what the runtime once allocates on this thread for itself is in one of them at most.
        return Enumerable.Range(0, 5).Min(_ => Allocated()) / Requests;

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Run()
        {
            for (var i = 0; i < Requests; i++)
            {
                exchange.Begin();
                var done = answer(handler, http);
                if (!done.IsCompletedSuccessfully)
                    Assert.Fail("A request whose body is there does not wait.");
            }
        }
    }

    /// <summary>100 flags: without rules, by key and with a rule, in turn.</summary>
    private static CompiledSnapshot Flags()
    {
        var split = new Rollout([new("on", 1), new("off", 1)]);
        var rule = new TargetingRule(
            "r_1",
            "",
            true,
            [new Condition("plan", ConditionOperator.Equals, [FlagValue.Of("enterprise")])],
            Serve.One("on")
        );
        var configurations = new FlagEnvironment[]
        {
            new(true, "off", [], [], [], Serve.One("on")),
            new(true, "off", [], [], [], Serve.Split(split)),
            new(true, "off", [], [], [rule], Serve.One("off")),
        };
        var flags = Enumerable
            .Range(0, 100)
            .Select(i => new FlagInEnvironment(
                new FlagDefinition(
                    $"flag-{i:D3}",
                    FlagType.Boolean,
                    FlagStatus.Active,
                    [new("on", FlagValue.Of(true)), new("off", FlagValue.Of(false))]
                ),
                configurations[i % configurations.Length],
                7
            ));
        var compiled = SnapshotCompiler.Compile(new EnvironmentDefinition("web", "live", 12, [.. flags], []));
        compiled.Diagnostics.ShouldBeEmpty();
        return compiled.Snapshot;
    }

    /// <summary>A request whose body has arrived whole, and memory for the answer; allocates nothing itself.</summary>
    private sealed class Exchange(byte[] question) : PipeReader, IRequestBodyPipeFeature, IHttpResponseBodyFeature
    {
        private readonly Memory _memory = new();

        public string Answer => System.Text.Encoding.UTF8.GetString(_memory.Written);

        PipeReader IRequestBodyPipeFeature.Reader => this;

        PipeWriter IHttpResponseBodyFeature.Writer => _memory;

        Stream IHttpResponseBodyFeature.Stream => throw new NotSupportedException();

        public void Begin() => _memory.Clear();

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new ReadResult(new ReadOnlySequence<byte>(question), isCanceled: false, isCompleted: true));

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

        public override void AdvanceTo(SequencePosition consumed) { }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) { }

        public override void CancelPendingRead() { }

        public override void Complete(Exception? exception = null) { }

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering() { }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }

    private sealed class Memory : PipeWriter
    {
        private readonly byte[] _bytes = new byte[128 * 1024];
        private int _length;

        public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

        public void Clear() => _length = 0;

        public override void Advance(int bytes) => _length += bytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _bytes.AsMemory(_length);

        public override Span<byte> GetSpan(int sizeHint = 0) => _bytes.AsSpan(_length);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;

        public override void CancelPendingFlush() { }

        public override void Complete(Exception? exception = null) { }
    }
}

using Halyard.Evaluation;

namespace Halyard.Server.Ofrep;

/// <summary>
/// A snapshot with everything written beforehand that no context changes: in the bulk answer, whole flags that answer everybody
/// alike and all that stands between the others. Immutable.
/// </summary>
internal sealed class OfrepSnapshot
{
    private const int SingleSize = 1024;
    private const int TypicalAnswer = 192;

    private readonly OfrepWriter _writer;
    private readonly CompiledFlag[] _asked;

    // What stands before each flag that must be asked, and behind the last.
    private readonly byte[][] _between;
    private readonly int _bulkSize;

    public OfrepSnapshot(CompiledSnapshot snapshot)
    {
        Compiled = snapshot;
        Tally = new EvaluationTally(snapshot, Environment.ProcessorCount);
        _writer = new OfrepWriter(snapshot.LedgerIndex);
        _asked = [.. snapshot.Flags.Where(flag => !flag.IsFixed)];
        _between = Between();
        _bulkSize = _between.Sum(bytes => bytes.Length) + _asked.Length * TypicalAnswer;
    }

    /// <summary>A snapshot without flags.</summary>
    public static OfrepSnapshot Empty { get; } = new(CompiledSnapshot.Empty);

    /// <summary>The snapshot.</summary>
    public CompiledSnapshot Compiled { get; }

    /// <summary>What its flags served.</summary>
    public EvaluationTally Tally { get; }

    /// <summary>A buffer that has room for one flag's usual answer.</summary>
    public static AnswerBuffer SingleBuffer() => new(SingleSize);

    /// <summary>A buffer that has room for the usual bulk answer.</summary>
    public AnswerBuffer BulkBuffer() => new(_bulkSize);

    /// <summary>Evaluates one flag, writes its answer and returns the status that it is sent with.</summary>
    public int WriteOne(ref AnswerBuffer buffer, string key, EvaluationContext context, DateTimeOffset now)
    {
        var result = Evaluator.Evaluate(Compiled, key, context, now);
        Tally.Record(result, Thread.GetCurrentProcessorId());
        _writer.Write(ref buffer, key, result);
        return result.ErrorCode switch
        {
            null => StatusCodes.Status200OK,
            ErrorCode.FlagNotFound => StatusCodes.Status404NotFound,
            _ => StatusCodes.Status400BadRequest,
        };
    }

    /// <summary>Evaluates every flag and writes the bulk answer, in ordinal order of the keys.</summary>
    public void WriteAll(ref AnswerBuffer buffer, EvaluationContext context, DateTimeOffset now)
    {
        var processor = Thread.GetCurrentProcessorId();
        for (var i = 0; i < _asked.Length; i++)
        {
            buffer.Write(_between[i]);
            var result = Evaluator.Evaluate(_asked[i], context, now);
            Tally.Record(result, processor);
            _writer.Write(ref buffer, _asked[i].Key, result);
        }
        Tally.RecordFixed(processor);
        buffer.Write(_between[^1]);
    }

    private byte[][] Between()
    {
        var between = new List<byte[]>(_asked.Length + 1);
        var buffer = new AnswerBuffer(SingleSize);
        buffer.Write("{\"flags\":["u8);
        var first = true;
        foreach (var flag in Compiled.Flags)
        {
            if (!first)
                buffer.Write(","u8);
            first = false;
            if (flag.IsFixed)
            {
                _writer.Write(ref buffer, flag.Key, Evaluator.Evaluate(flag, EvaluationContext.Empty, default));
                continue;
            }
            between.Add(buffer.Written.ToArray());
            buffer.Clear();
        }
        buffer.Write("]}"u8);
        between.Add(buffer.Written.ToArray());
        buffer.Dispose();
        return [.. between];
    }
}

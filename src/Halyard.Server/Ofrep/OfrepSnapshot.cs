using System.Collections.Frozen;
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

    // What clients in everybody's hands see: the same without the sensitive flags; this one where there is none.
    private readonly OfrepSnapshot _open;
    private readonly FrozenSet<string> _hidden = FrozenSet<string>.Empty;

    public OfrepSnapshot(CompiledSnapshot snapshot, FrozenSet<string> sensitive)
    {
        Compiled = snapshot;
        Tally = new EvaluationTally(snapshot, Environment.ProcessorCount);
        _writer = new OfrepWriter(snapshot.LedgerIndex);
        _asked = [.. snapshot.Flags.Where(flag => !flag.IsFixed)];
        _between = Between(Compiled.Flags, flag => flag.IsFixed);
        _bulkSize = _between.Sum(bytes => bytes.Length) + _asked.Length * TypicalAnswer;
        _open = sensitive.Count == 0 ? this : new OfrepSnapshot(this, sensitive);
    }

    /// <summary>The view without the sensitive flags. It asks every flag anew, so that each is counted by itself, in one tally.</summary>
    private OfrepSnapshot(OfrepSnapshot whole, FrozenSet<string> sensitive)
    {
        Compiled = whole.Compiled;
        Tally = whole.Tally;
        _writer = whole._writer;
        _hidden = sensitive;
        _asked = [.. Compiled.Flags.Where(flag => !sensitive.Contains(flag.Key))];
        _between = Between(_asked, _ => false);
        _bulkSize = _between.Sum(bytes => bytes.Length) + _asked.Length * TypicalAnswer;
        _open = this;
    }

    /// <summary>A snapshot without flags.</summary>
    public static OfrepSnapshot Empty { get; } = new(CompiledSnapshot.Empty, FrozenSet<string>.Empty);

    /// <summary>The snapshot.</summary>
    public CompiledSnapshot Compiled { get; }

    /// <summary>What its flags served.</summary>
    public EvaluationTally Tally { get; }

    /// <summary>What the holder of a key sees.</summary>
    /// <param name="clientSide">Whether the key is in everybody's hands.</param>
    public OfrepSnapshot For(bool clientSide) => clientSide ? _open : this;

    /// <summary>A buffer that has room for one flag's usual answer.</summary>
    public static AnswerBuffer SingleBuffer() => new(SingleSize);

    /// <summary>A buffer that has room for the usual bulk answer.</summary>
    public AnswerBuffer BulkBuffer() => new(_bulkSize);

    /// <summary>Evaluates one flag, writes its answer and returns the status that it is sent with.</summary>
    public int WriteOne(ref AnswerBuffer buffer, string key, EvaluationContext context, DateTimeOffset now)
    {
        // Hidden is answered as if it were not there.
        var result = Evaluator.Evaluate(_hidden.Contains(key) ? CompiledSnapshot.Empty : Compiled, key, context, now);
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
        if (_hidden.Count == 0)
            Tally.RecordFixed(processor);
        buffer.Write(_between[^1]);
    }

    private byte[][] Between(IEnumerable<CompiledFlag> flags, Func<CompiledFlag, bool> isFixed)
    {
        var between = new List<byte[]>(_asked.Length + 1);
        var buffer = new AnswerBuffer(SingleSize);
        buffer.Write("{\"flags\":["u8);
        var first = true;
        foreach (var flag in flags)
        {
            if (!first)
                buffer.Write(","u8);
            first = false;
            if (isFixed(flag))
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

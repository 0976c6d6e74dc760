namespace Halyard.Rego;

/// <summary>A query ready to run. Immutable; any number of threads may evaluate it at once.</summary>
public sealed class PreparedQuery
{
    private readonly RegoPolicy _policy;
    private readonly Body _body;
    private readonly int _slots;
    private readonly int? _value;
    private readonly (RegoValue Name, int Slot)[] _variables;

    internal PreparedQuery(RegoPolicy policy, Body body, int slots, int? value, (RegoValue, int)[] variables)
    {
        _policy = policy;
        _body = body;
        _slots = slots;
        _value = value;
        _variables = variables;
    }

    /// <summary>Evaluates the query. It has no effect but its answer, and ends within the budget.</summary>
    /// <param name="input">The document <c>input</c>; null leaves it undefined.</param>
    /// <param name="data">The documents below <c>data</c>, beside what the policy's rules give.</param>
    /// <param name="budget">What the evaluation may take.</param>
    /// <param name="now">The time that the policy sees.</param>
    /// <param name="seed">Where chance starts for built-ins that draw.</param>
    /// <param name="cancellation">Ends the evaluation early.</param>
    public RegoAnswer Evaluate(
        RegoValue? input,
        RegoValue data,
        RegoBudget budget,
        DateTimeOffset now,
        ulong seed = 0,
        CancellationToken cancellation = default
    )
    {
        var meter = new BudgetMeter(budget, cancellation);
        var run = new Evaluation(_policy, meter, new BuiltinContext(meter, now, seed));
        var frame = new Frame(_slots, new World(run, input, data, overlay: null, mocks: null));
        var sink = new AnswerSink(_value, _variables);
        try
        {
            _body.Run(frame, 0, sink);
        }
        catch (RegoAbort abort)
        {
            return new RegoAnswer.Failed(abort.Code, abort.Message);
        }
        return sink.Answer;
    }

    private sealed class AnswerSink(int? value, (RegoValue Name, int Slot)[] variables) : Sink
    {
        private readonly List<RegoObject> _bindings = [];
        private RegoValue? _value;

        public RegoAnswer Answer =>
            _bindings.Count == 0 ? RegoAnswer.Nothing : new RegoAnswer.Defined(_value ?? _bindings[0], _bindings);

        public override bool Accept(Frame frame)
        {
            if (value is { } slot)
                _value ??= frame.Slots[slot];
            var names = Array.ConvertAll(variables, variable => variable.Name);
            var values = Array.ConvertAll(variables, variable => frame.Slots[variable.Slot] ?? RegoValue.Null);
            frame.World.Run.Meter.Reserve(64 + 16L * values.Length);
            _bindings.Add(RegoObject.OfOwned(names, values));
            return false;
        }
    }
}

namespace Halyard.Rego;

/// <summary>
/// What statements see: input, data, and what <c>with</c> replaced. It does not change, but for what it remembers of the rules
/// it has evaluated.
/// </summary>
internal sealed class World(Evaluation run, RegoValue? input, RegoValue data, Overlay? overlay, Mocks? mocks)
{
    private readonly RegoValue?[] _remembered = new RegoValue?[run.Policy.DocumentCount];

    public Evaluation Run => run;

    public RegoValue? Input => input;

    /// <summary>The base documents, with what replaces parts of them already in place.</summary>
    public RegoValue Data => data;

    /// <summary>Which parts of the data hide the rules that would give them.</summary>
    public Overlay? Overlay => overlay;

    /// <summary>The functions replaced.</summary>
    public Mocks? Mocks => mocks;

    public World WithInput(RegoValue? value) => Counted(new World(run, value, data, overlay, mocks));

    public World WithData(RegoValue value, Overlay hidden) => Counted(new World(run, input, value, hidden, mocks));

    public World WithMocks(Mocks? replaced) => Counted(new World(run, input, data, overlay, replaced));

    private static World Counted(World world)
    {
        world.Run.Meter.Reserve(64 + 8L * world._remembered.Length);
        world.Run.Meter.Spend(1 + world._remembered.Length / 64);
        return world;
    }

    /// <summary>The value of a document with rules; null when it is undefined. Computed once in a world.</summary>
    public RegoValue? ValueOf(Document document)
    {
        var remembered = _remembered[document.Id];
        if (remembered is null)
        {
            Evaluation.EnsureDepth();
            _remembered[document.Id] = Marker.Running;
            remembered = document.Compute(this) ?? Marker.Undefined;
            _remembered[document.Id] = remembered;
        }
        else if (ReferenceEquals(remembered, Marker.Running))
        {
            throw new RegoAbort("rego_recursion_error", $"the rules of {document.Path} need themselves");
        }
        return ReferenceEquals(remembered, Marker.Undefined) ? null : remembered;
    }
}

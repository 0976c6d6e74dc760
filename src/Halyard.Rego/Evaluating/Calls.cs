namespace Halyard.Rego;

/// <summary>A call of a built-in.</summary>
internal sealed class BuiltinNode(Builtin builtin, Node[] arguments, bool isStrict, Place place) : Node
{
    public override RegoValue? Evaluate(Frame frame)
    {
        if (frame.World.Mocks?.Find(builtin) is { } mock)
            return Invoking.Mocked(mock, Several.Evaluate(arguments, frame), frame.World, isStrict, place);
        if (Several.Evaluate(arguments, frame) is not { } values)
            return null;
        return Invoking.Builtin(builtin, values, frame.World, isStrict, place);
    }
}

/// <summary>A call of a function that the policy defines.</summary>
internal sealed class FunctionNode(Document function, Node[] arguments, bool isStrict, Place place) : Node
{
    public override RegoValue? Evaluate(Frame frame)
    {
        if (Several.Evaluate(arguments, frame) is not { } values)
            return null;
        return frame.World.Mocks?.Find(function) is { } mock
            ? Invoking.Mocked(mock, values, frame.World, isStrict, place)
            : function.Function!.Call(values, frame.World);
    }
}

/// <summary>Calling functions with values.</summary>
internal static class Invoking
{
    public static RegoValue? Builtin(Builtin builtin, RegoValue[] arguments, World world, bool isStrict, Place place)
    {
        var context = world.Run.Builtins;
        context.Begin(builtin.Name);
        var result = Mismatch(builtin, arguments, context) ? null : builtin.Call(context, arguments);
        if (result is null)
        {
            return isStrict && context.Error is { } error
                ? throw new RegoAbort(error.Code, $"{place.File}:{place.Row}: {error.Code}: {error.Message}")
                : null;
        }
        return world.Run.Bounded(result);
    }

    public static RegoValue? Mocked(Mocks mock, RegoValue[]? arguments, World world, bool isStrict, Place place)
    {
        if (mock.Function is null || arguments is null)
            return arguments is null ? null : mock.Value;
        var inner = world.WithMocks(Mocks.Without(world.Mocks, mock.Target));
        return mock.Function is Document function
            ? function.Function!.Call(arguments, inner)
            : Builtin((Builtin)mock.Function, arguments, inner, isStrict, place);
    }

    private static bool Mismatch(Builtin builtin, RegoValue[] arguments, BuiltinContext context)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (builtin.Arguments[i].Admits(arguments[i].Kind))
                continue;
            context.FailType($"operand {i + 1} must be {builtin.Arguments[i].Describe()} but got {arguments[i].KindName}");
            return true;
        }
        return false;
    }
}

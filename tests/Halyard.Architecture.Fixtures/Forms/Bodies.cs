using Halyard.Architecture.Fixtures.Forbidden;
using Halyard.Architecture.Fixtures.Ports;

namespace Halyard.Architecture.Fixtures.Forms;

public static class StaticCall
{
    public static int Run() => Service.Count();
}

public static class ExtensionCall
{
    public static int Run(string text) => text.Length();
}

public static class StaticFieldRead
{
    public static int Run() => Thing.Shared;
}

public static class Construction
{
    public static object Run() => new Thing();
}

public static class NestedConstruction
{
    public static object Run() => new Thing.Inner();
}

public static class Cast
{
    public static object Run(object value) => (Thing)value;
}

public static class IsPattern
{
    public static bool Run(object value) => value is Thing;
}

public static class SwitchPattern
{
    public static int Run(object value) =>
        value switch
        {
            string => 1,
            Thing => 2,
            _ => 3,
        };
}

public static class PropertyPattern
{
    public static bool Run(Port port) => port is { Thing: not null };
}

public static class LocalVariable
{
    public static string? Run()
    {
        Value local = default;
        return local.ToString();
    }
}

public static class LocalVariableAlone
{
    public static unsafe nint Run(nint address)
    {
        var local = (Value*)address;
        address += (nint)local;
        return address + (nint)local;
    }
}

public static class FunctionPointerCall
{
    public static unsafe void Run(void* function) => ((delegate* <Thing>)function)();
}

public static class GenericOwnerOfField
{
    public static int Run() => Basket<Thing>.Count;
}

public static class FieldOfNeighbour
{
    public static object Run() => Port.Held;
}

public static class TypeOf
{
    public static Type Run() => typeof(Thing);
}

public static class MethodGenericArgument
{
    public static void Run() => Port.Take<Thing>();
}

public static class NestedGenericArgument
{
    public static void Run() => Port.Take<List<Dictionary<string, Thing[]>>>();
}

public static class ReturnedByNeighbour
{
    public static object Run() => Port.Make();
}

public static class MethodGroup
{
    public static Action Run() => Service.Handle;
}

public static class DelegateType
{
    public static Delegate Run() => new Handler(() => { });
}

public static class CaughtException
{
    public static void Run(Action action)
    {
        try
        {
            action();
        }
        catch (ForbiddenException) { }
    }
}

public static class ExceptionFilter
{
    public static void Run(Action action)
    {
        try
        {
            action();
        }
        catch (InvalidOperationException) when (Service.Count() > 0) { }
    }
}

public static class ArrayCreation
{
    public static object Run() => new Thing[1];
}

public static class DefaultValue
{
    public static void Run() => Port.Accept(default);
}

public static class SizeOf
{
    public static unsafe int Run() => sizeof(Value);
}

public static class BoxedValue
{
    public static object Run() => Kind.Second;
}

public static class FieldInitializer
{
    public static readonly int Count = Service.Count();
}

public sealed class InstanceConstructor
{
    public InstanceConstructor() => Service.Handle();
}

public sealed class Finalizer
{
    ~Finalizer() => Service.Handle();
}

using Halyard.Architecture.Fixtures.Forbidden;
using Halyard.Architecture.Fixtures.Ports;

#pragma warning disable CS0067, CS0169, CS0649 // Declared for their signatures alone.

namespace Halyard.Architecture.Fixtures.Forms;

public class BaseType : Thing;

public class GenericBaseType : Basket<Thing>;

public class ImplementedInterface : IForbidden;

public class GenericInterface : IVisitor<Thing>;

public interface InheritedInterface : IForbidden;

public class TypeConstraint<T>
    where T : Thing;

public static class MethodConstraint
{
    public static void Run<T>()
        where T : IForbidden { }
}

public record RecordParameter(Thing Thing);

public record struct RecordStructParameter(Value Value);

public class PrimaryConstructor(Thing thing)
{
    public override string? ToString() => thing.ToString();
}

public class Field
{
    private Thing? _thing;
}

public class GenericField
{
    private Dictionary<string, List<Thing>>? _things;
}

public class GenericType
{
    private Box<int>? _box;
}

public class TupleField
{
    private (int, Thing?) _pair;
}

public class NullableField
{
    private Value? _value;
}

public class EnumField
{
    private Kind _kind;
}

public unsafe class PointerField
{
    private Value* _value;
}

public unsafe class FunctionPointerField
{
    private delegate* <Thing, void> _function;
}

public abstract class Property
{
    public abstract Thing? Thing { get; }
}

public abstract class Indexer
{
    public abstract int this[Thing thing] { get; }
}

public abstract class Event
{
    public abstract event Handler? Happened;
}

public interface MethodParameter
{
    void Run(Thing thing);
}

public interface ReferenceParameter
{
    void Run(ref Thing thing);
}

public interface ReadOnlyReferenceParameter
{
    void Run(in Thing thing);
}

public class CovariantOverride : Middle
{
    public override string Describe() => "covariant";
}

public interface ReturnType
{
    Thing Run();
}

public interface ArrayReturnType
{
    Thing[][] Run();
}

public delegate void DelegateParameter(Thing thing);

public class ConversionOperator
{
    public static implicit operator Thing(ConversionOperator value) => null!;
}

using Halyard.Architecture.Fixtures.Forbidden;
using Halyard.Architecture.Fixtures.Ports;

#pragma warning disable CS0067, CS0169, CS0649 // Declared for their attributes alone.

namespace Halyard.Architecture.Fixtures.Forms;

[Mark]
public class TypeAttribute;

public class FieldAttribute
{
    [Mark]
    private int _number;
}

public class MethodAttribute
{
    [Mark]
    public void Run() { }
}

public class ParameterAttribute
{
    public void Run([Mark] int number) { }
}

public class ReturnAttribute
{
    [return: Mark]
    public int Run() => 1;
}

public class PropertyAttribute
{
    [Mark]
    public int Number { get; set; }
}

public class EventAttribute
{
    [Mark]
    public event Action? Happened;
}

public class TypeParameterAttribute<[Mark] T>;

public class MethodTypeParameterAttribute
{
    public void Run<[Mark] T>() { }
}

public class LambdaAttribute
{
    public Func<int, int> Run() => [Mark] (number) => number;
}

[Note(typeof(Thing))]
public class AttributeArgument;

[Note(1, new[] { typeof(string), typeof(List<Thing>) })]
public class AttributeArrayArgument;

[Note(Subject = typeof(Thing))]
public class AttributeNamedArgument;

[Note(Kind.Second)]
public class AttributeEnumArgument;

[Note<Thing>]
public class GenericAttribute;

using Halyard.Architecture.Tests.Walking;

namespace Halyard.Architecture.Tests;

/// <summary>
/// The rules are worth what they can see. Each fixture breaks one in one way, and must be reported; what is innocent must not.
/// </summary>
/// <remarks>
/// Two ways to use a type leave no trace in IL, and nothing that reads compiled code can see them: a <c>const</c>, whose value is
/// copied (members of an enumeration included), and <c>nameof</c>, which becomes text.
/// </remarks>
public sealed class NegativeControlTests
{
    private const string Fixtures = "Halyard.Architecture.Fixtures";

    private static readonly string[] Forms =
    [
        "AnonymousType",
        "ArrayCreation",
        "ArrayReturnType",
        "AsyncIterator",
        "AsyncLambdaInEndpoint",
        "AsyncMethod",
        "AttributeArgument",
        "AttributeArrayArgument",
        "AttributeEnumArgument",
        "AttributeNamedArgument",
        "BaseType",
        "BoxedValue",
        "CapturingAsyncLambda",
        "CapturingLambda",
        "Cast",
        "CaughtException",
        "Construction",
        "ConversionOperator",
        "CovariantOverride",
        "DefaultValue",
        "DelegateParameter",
        "DelegateType",
        "EnumField",
        "Event",
        "EventAttribute",
        "ExceptionFilter",
        "ExtensionCall",
        "Field",
        "FieldAttribute",
        "FieldInitializer",
        "FieldOfNeighbour",
        "Finalizer",
        "FunctionPointerCall",
        "FunctionPointerField",
        "GenericAttribute",
        "GenericBaseType",
        "GenericField",
        "GenericInterface",
        "GenericOwnerOfField",
        "GenericType",
        "ImplementedInterface",
        "Indexer",
        "InheritedInterface",
        "InstanceConstructor",
        "IsPattern",
        "Iterator",
        "Lambda",
        "LambdaAttribute",
        "LambdaParameter",
        "LocalFunction",
        "LocalVariable",
        "LocalVariableAlone",
        "MethodAttribute",
        "MethodConstraint",
        "MethodGenericArgument",
        "MethodGroup",
        "MethodParameter",
        "MethodTypeParameterAttribute",
        "NestedConstruction",
        "NestedGenericArgument",
        "NestedType",
        "NullableField",
        "ParameterAttribute",
        "PointerField",
        "PrimaryConstructor",
        "Property",
        "PropertyAttribute",
        "PropertyPattern",
        "Query",
        "ReadOnlyReferenceParameter",
        "RecordParameter",
        "RecordStructParameter",
        "ReferenceParameter",
        "ReturnAttribute",
        "ReturnType",
        "ReturnedByNeighbour",
        "SizeOf",
        "StaticCall",
        "StaticFieldRead",
        "SwitchPattern",
        "TupleField",
        "TypeAttribute",
        "TypeConstraint`1",
        "TypeOf",
        "TypeParameterAttribute`1",
    ];

    public static TheoryData<string> AllForms => [.. Forms];

    public static TheoryData<string> Impurities => [.. NamesIn($"{Fixtures}.Impure")];

    [Theory]
    [MemberData(nameof(AllForms))]
    public void ForbiddenUse_InAnyForm_IsReported(string form)
    {
        var rule = Forbidden(type => type.FullName == $"{Fixtures}.Forms.{form}");

        rule.Violations(Assemblies.FixtureTypes)
            .ShouldContain(violation => violation.Contains(" uses ", StringComparison.Ordinal));
    }

    [Fact]
    public void Forms_AreThoseOfTheFixtures() => NamesIn($"{Fixtures}.Forms").ShouldBe(Forms, ignoreOrder: true);

    [Theory]
    [InlineData("Clean")]
    [InlineData("BlindSpots")]
    public void InnocentOrInvisibleUse_IsNotReported(string folder) =>
        Forbidden(type => type.IsIn($"{Fixtures}.{folder}")).Violations(Assemblies.FixtureTypes).ShouldBeEmpty();

    [Fact]
    public void Rule_ThatSelectsNothing_Fails() =>
        Forbidden(type => type.IsIn("Halyard.Nowhere")).Violations(Assemblies.FixtureTypes).ShouldHaveSingleItem();

    [Theory]
    [MemberData(nameof(Impurities))]
    public void Impurity_OfAnyKind_IsReported(string name) =>
        new Rule(name, type => type.FullName == $"{Fixtures}.Impure.{name}", Impurity.Is)
            .Violations(Assemblies.FixtureTypes)
            .ShouldContain(violation => violation.Contains(" uses ", StringComparison.Ordinal));

    [Fact]
    public void PureCode_IsNotReportedAsImpure() =>
        new Rule("pure", type => type.IsIn($"{Fixtures}.Pure"), Impurity.Is).Violations(Assemblies.FixtureTypes).ShouldBeEmpty();

    [Fact]
    public void EveryWayToAPort_IsFound() =>
        new CallGraph(Assemblies.Fixtures)
            .EntriesTo($"{Fixtures}.Writing.IPort", "SendAsync")
            .ShouldBe([
                $"{Fixtures}.Writing.HiddenDoor.Dispose",
                $"{Fixtures}.Writing.Sender.SubmitAsync",
                $"{Fixtures}.Writing.SideDoor.Open",
                $"{Fixtures}.Writing.StaticDoor..cctor",
            ]);

    [Fact]
    public void EveryImplementer_IsFound_ThroughBaseTypesAndWiderInterfacesToo() =>
        new CallGraph(Assemblies.Fixtures)
            .Implementers($"{Fixtures}.Writing.IPort")
            .Select(type => type.Name)
            .ShouldBe(["Adapter", "DerivedAdapter", "WiderAdapter"], ignoreOrder: true);

    private static Rule Forbidden(Func<CodeType, bool> selects) =>
        new("control", selects, use => use.IsOf($"{Fixtures}.Forbidden"));

    private static IEnumerable<string> NamesIn(string name) =>
        Assemblies
            .FixtureTypes.Where(type => type.Namespace == name)
            .Select(type => type.FullName[(name.Length + 1)..])
            .Order(StringComparer.Ordinal);
}

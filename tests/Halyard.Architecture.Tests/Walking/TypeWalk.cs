using Mono.Cecil;

namespace Halyard.Architecture.Tests.Walking;

/// <summary>Reads everything of a type that leaves a trace in metadata or IL, and of the types nested in it.</summary>
internal static class TypeWalk
{
    /// <summary>Adds all that the type uses.</summary>
    public static void Walk(TypeDefinition type, UseCollector uses)
    {
        uses.Where = type.FullName;
        uses.Add(type.BaseType);
        WalkAttributes(type, uses);
        WalkGenericParameters(type, uses);
        foreach (var implementation in type.Interfaces)
            uses.Add(implementation.InterfaceType);
        foreach (var field in type.Fields)
        {
            uses.Where = field.FullName;
            uses.Add(field.FieldType);
            WalkAttributes(field, uses);
        }
        foreach (var property in type.Properties)
        {
            uses.Where = property.FullName;
            WalkAttributes(property, uses);
        }
        foreach (var happening in type.Events)
        {
            uses.Where = happening.FullName;
            WalkAttributes(happening, uses);
        }
        foreach (var method in type.Methods)
        {
            uses.Where = method.FullName;
            WalkMethod(method, uses);
        }
        foreach (var nested in type.NestedTypes)
            Walk(nested, uses);
    }

    private static void WalkMethod(MethodDefinition method, UseCollector uses)
    {
        uses.AddSignature(method);
        WalkAttributes(method, uses);
        WalkAttributes(method.MethodReturnType, uses);
        WalkGenericParameters(method, uses);
        foreach (var parameter in method.Parameters)
            WalkAttributes(parameter, uses);
        foreach (var overridden in method.Overrides)
            uses.Add(overridden);
        if (!method.HasBody)
            return;

        foreach (var local in method.Body.Variables)
            uses.Add(local.VariableType);
        foreach (var handler in method.Body.ExceptionHandlers)
            uses.Add(handler.CatchType);
        foreach (var instruction in method.Body.Instructions)
            WalkOperand(instruction.Operand, uses);
    }

    private static void WalkOperand(object? operand, UseCollector uses)
    {
        switch (operand)
        {
            case TypeReference type:
                uses.Add(type);
                break;
            case MethodReference method:
                uses.Add(method);
                break;
            case FieldReference field:
                uses.Add(field);
                break;
            case CallSite site:
                uses.AddSignature(site);
                break;
        }
    }

    private static void WalkGenericParameters(IGenericParameterProvider owner, UseCollector uses)
    {
        foreach (var parameter in owner.GenericParameters)
        {
            WalkAttributes(parameter, uses);
            foreach (var constraint in parameter.Constraints)
                uses.Add(constraint.ConstraintType);
        }
    }

    private static void WalkAttributes(ICustomAttributeProvider owner, UseCollector uses)
    {
        foreach (var attribute in owner.CustomAttributes)
        {
            uses.Add(attribute.Constructor);
            foreach (var argument in attribute.ConstructorArguments)
                WalkArgument(argument, uses);
            foreach (var named in attribute.Fields.Concat(attribute.Properties))
                WalkArgument(named.Argument, uses);
        }
    }

    private static void WalkArgument(CustomAttributeArgument argument, UseCollector uses)
    {
        uses.Add(argument.Type);
        switch (argument.Value)
        {
            case TypeReference type:
                uses.Add(type);
                break;
            case CustomAttributeArgument boxed:
                WalkArgument(boxed, uses);
                break;
            case CustomAttributeArgument[] several:
                foreach (var element in several)
                    WalkArgument(element, uses);
                break;
        }
    }
}

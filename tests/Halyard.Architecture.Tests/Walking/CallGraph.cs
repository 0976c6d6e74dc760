using System.Runtime.CompilerServices;
using Mono.Cecil;

namespace Halyard.Architecture.Tests.Walking;

/// <summary>
/// Which method calls or takes the address of which. Overloads with as many parameters count as one, which can only report too
/// much. An asynchronous method or iterator leads to the state machine that the compiler made of it.
/// </summary>
internal sealed class CallGraph
{
    private readonly Dictionary<string, HashSet<string>> _callers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MethodDefinition> _methods = new(StringComparer.Ordinal);
    private readonly List<TypeDefinition> _types;

    /// <summary>Reads every method of some modules.</summary>
    public CallGraph(IEnumerable<ModuleDefinition> modules)
    {
        _types = [.. modules.SelectMany(module => module.Types).SelectMany(WithNested)];
        foreach (var method in _types.SelectMany(type => type.Methods))
        {
            var key = KeyOf(method);
            _methods.TryAdd(key, method);
            foreach (var called in Called(method))
                CallersOf(called).Add(key);
        }
    }

    /// <summary>The outermost types' full names that implement an interface themselves or through a base type or wider interface.</summary>
    public IReadOnlyList<TypeDefinition> Implementers(string interfaceName)
    {
        var found = new HashSet<string>(StringComparer.Ordinal) { interfaceName };
        for (var before = 0; before != found.Count; )
        {
            before = found.Count;
            foreach (var type in _types.Where(type => Parents(type).Any(found.Contains)))
                found.Add(type.FullName);
        }
        return [.. _types.Where(type => !type.IsInterface && found.Contains(type.FullName))];
    }

    /// <summary>
    /// Where code from outside gets in on its way to a method of an interface: the first methods, going back from it, that others
    /// can see, or whose callers nobody can know (overrides; what only the runtime calls).
    /// </summary>
    public IReadOnlyList<string> EntriesTo(string interfaceName, string method)
    {
        List<string> owners = [interfaceName, .. Implementers(interfaceName).Select(type => type.FullName)];
        var targets = _types
            .Where(type => owners.Contains(type.FullName, StringComparer.Ordinal))
            .SelectMany(type => type.Methods)
            .Where(candidate => candidate.Name == method)
            .Select(KeyOf);

        var entries = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(targets.SelectMany(CallersOf));
        while (open.TryDequeue(out var key))
        {
            if (!seen.Add(key))
                continue;
            if (IsEntry(_methods[key]))
                entries.Add($"{_methods[key].DeclaringType.FullName}.{_methods[key].Name}");
            else
                CallersOf(key).ToList().ForEach(open.Enqueue);
        }
        return [.. entries];
    }

    private bool IsEntry(MethodDefinition method)
    {
        var isGenerated = method.DeclaringType.Name.StartsWith('<');
        return IsVisible(method) || (method.IsVirtual && !isGenerated) || CallersOf(KeyOf(method)).Count == 0;
    }

    private static bool IsVisible(MethodDefinition method)
    {
        for (var type = method.DeclaringType; type is not null; type = type.DeclaringType)
        {
            if (!type.IsPublic && !type.IsNestedPublic)
                return false;
        }
        return method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
    }

    private static IEnumerable<string> Called(MethodDefinition method)
    {
        var machines = method
            .CustomAttributes.Where(attribute => IsStateMachine(attribute.AttributeType.Name))
            .Select(attribute => (TypeDefinition)attribute.ConstructorArguments[0].Value)
            .SelectMany(machine => machine.Methods);
        var operands = method.HasBody
            ? method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>()
            : [];
        return machines.Concat(operands).Select(KeyOf);
    }

    private static bool IsStateMachine(string attribute) =>
        attribute
            is nameof(AsyncStateMachineAttribute)
                or nameof(IteratorStateMachineAttribute)
                or nameof(AsyncIteratorStateMachineAttribute);

    private static IEnumerable<string> Parents(TypeDefinition type) =>
        type
            .Interfaces.Select(implementation => implementation.InterfaceType.GetElementType().FullName)
            .Append(type.BaseType?.GetElementType().FullName ?? "");

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) =>
        type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static string KeyOf(MethodReference method) =>
        $"{method.DeclaringType.GetElementType().FullName}::{method.Name}({method.Parameters.Count})";

    private HashSet<string> CallersOf(string key)
    {
        if (!_callers.TryGetValue(key, out var callers))
            _callers[key] = callers = new HashSet<string>(StringComparer.Ordinal);
        return callers;
    }
}

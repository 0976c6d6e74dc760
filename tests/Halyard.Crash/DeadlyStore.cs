using System.Diagnostics;
using System.Reflection;
using Halyard.Core.Storage;

namespace Halyard.Crash;

/// <summary>A store before one of whose calls the process dies.</summary>
public class DeadlyStore : DispatchProxy
{
    private IStore? _inner;
    private int _deadly;
    private int _calls;

    /// <summary>A store like another, the process being killed when it comes to a call of this number, from 1.</summary>
    public static IStore Around(IStore inner, int deadly)
    {
        var store = Create<IStore, DeadlyStore>();
        var self = (DeadlyStore)(object)store;
        (self._inner, self._deadly) = (inner, deadly);
        return store;
    }

    /// <summary>How many calls such a store has had.</summary>
    public static int CallsOf(IStore store) => ((DeadlyStore)(object)store)._calls;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (Interlocked.Increment(ref _calls) == _deadly)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }
        return targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
    }
}

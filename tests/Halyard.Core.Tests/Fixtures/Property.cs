using FsCheck;
using FsCheck.Fluent;

namespace Halyard.Core.Tests.Fixtures;

/// <summary>Runs a property over generated values, the same ones each time.</summary>
internal static class Property
{
    public static void Holds<T>(Gen<T> values, Action<T> property, int tests = 300) =>
        Prop.ForAll(values.ToArbitrary(), value => property(value))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(20_260_302UL, 7UL));
}

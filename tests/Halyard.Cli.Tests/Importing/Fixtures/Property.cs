using FsCheck;
using FsCheck.Fluent;

namespace Halyard.Cli.Tests.Importing;

/// <summary>Runs a property over generated values, the same ones each time.</summary>
internal static class Property
{
    public static void Holds<T>(Gen<T> values, Action<T> property, int tests) =>
        Prop.ForAll(values.ToArbitrary(), value => property(value))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(40).WithReplay(20_260_301UL, 7UL));
}

namespace Halyard.Architecture.Fixtures.Pure;

/// <summary>An iterator, in which the compiler asks for the current thread's id.</summary>
public static class PureIterator
{
    public static IEnumerable<int> Run()
    {
        yield return 1;
    }
}

/// <summary>Time as a value.</summary>
public static class GivenTime
{
    public static DateTimeOffset Run(DateTimeOffset now) => now.AddDays(1);
}

/// <summary>An exception that happens to live among I/O.</summary>
public static class DamagedData
{
    public static Exception Run() => new InvalidDataException("damaged");
}

/// <summary>Addresses are values.</summary>
public static class Address
{
    public static bool Run(string text) => System.Net.IPAddress.TryParse(text, out _);
}

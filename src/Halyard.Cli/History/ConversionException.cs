namespace Halyard.Cli.History;

/// <summary>A history that cannot be converted; the message says in words which line is wrong and why.</summary>
internal sealed class ConversionException : Exception
{
    /// <summary>Something is wrong with one line.</summary>
    /// <param name="line">The 1-based line.</param>
    /// <param name="problem">What, in words that follow "line N".</param>
    public ConversionException(long line, string problem)
        : base($"line {line}: {problem}") { }

    /// <summary>Something is wrong with the input as a whole.</summary>
    public ConversionException(string problem)
        : base(problem) { }
}

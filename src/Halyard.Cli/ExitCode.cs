namespace Halyard.Cli;

/// <summary>What the process says to a script; the same numbers for every command.</summary>
internal static class ExitCode
{
    /// <summary>Done; verified.</summary>
    public const int Success = 0;

    /// <summary>Refused; for a proof: tampered.</summary>
    public const int Refused = 1;

    /// <summary>Nothing can be said: a server cannot be reached, a file cannot be read or is incomplete.</summary>
    public const int Unknown = 2;

    /// <summary>The command was not understood.</summary>
    public const int Usage = 3;

    /// <summary>Done, but not everything had an exact equivalent; the report names what was left out.</summary>
    public const int Incomplete = 4;
}

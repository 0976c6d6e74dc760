namespace Halyard.Server.Exports;

/// <summary>What an operator can configure of exports, under <c>Halyard:Exports</c>.</summary>
internal sealed class ExportOptions
{
    /// <summary>Where the files lie; a folder of their own, made where it is missing.</summary>
    /// <value>The default value is empty: <c>exports</c> beside the database.</value>
    public string Folder { get; set; } = "";

    /// <summary>How long a finished file is kept, in days: 1 to 365.</summary>
    /// <value>The default value is 7.</value>
    public int KeepDays { get; set; } = 7;

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (KeepDays is < 1 or > 365)
            yield return "Halyard:Exports:KeepDays must be 1 to 365.";
    }
}

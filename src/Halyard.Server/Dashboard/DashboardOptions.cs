namespace Halyard.Server.Dashboard;

/// <summary>Where the dashboard's files are, under <c>Halyard:Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    /// <summary>The folder that a build of <c>dashboard/</c> made.</summary>
    /// <value>The default value is empty: <c>dashboard</c> beside the program; where that is absent there is no dashboard.</value>
    public string Folder { get; set; } = "";

    /// <summary>The folder in which to look.</summary>
    public string Place => Folder.Length > 0 ? Path.GetFullPath(Folder) : Path.Combine(AppContext.BaseDirectory, "dashboard");

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (Folder.Length > 0 && !File.Exists(Path.Combine(Place, DashboardFiles.Index)))
            yield return $"Halyard:Dashboard:Folder: there is no {DashboardFiles.Index} in '{Folder}'.";
    }
}

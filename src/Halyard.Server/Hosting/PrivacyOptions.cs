namespace Halyard.Server.Hosting;

/// <summary>How personal values are kept and shown, under <c>Halyard:Privacy</c>.</summary>
internal sealed class PrivacyOptions
{
    /// <summary>The file of the key that wraps the data keys of subjects.</summary>
    /// <value>The default value is empty: the database's path with <c>.kek</c> behind it.</value>
    public string KeyFile { get; set; } = "";

    /// <summary>Whether whoever may read the audit log sees who did what and why, or only with <c>reveal=true</c>.</summary>
    /// <value>The default value is <c>true</c>.</value>
    public bool ShowReasons { get; set; } = true;
}

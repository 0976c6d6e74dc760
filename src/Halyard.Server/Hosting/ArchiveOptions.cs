using Halyard.Archive.S3;

namespace Halyard.Server.Hosting;

/// <summary>Where logs are archived, under <c>Halyard:Archive</c>: a folder or a bucket.</summary>
internal sealed class ArchiveOptions
{
    /// <summary>A folder, best on another machine.</summary>
    /// <value>The default value is empty: none.</value>
    public string Folder { get; set; } = "";

    /// <summary>A bucket, best of another account and with Object Lock.</summary>
    /// <value>The default value has no bucket: none.</value>
    public S3ObjectOptions S3 { get; set; } = new();

    /// <summary>Where an archive is, in words; <see langword="null"/> where there is none.</summary>
    public string? Place =>
        Folder.Length > 0 ? $"folder '{Folder}'"
        : S3.Bucket.Length > 0 ? $"bucket '{S3.Bucket}'"
        : null;

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (S3.Bucket.Length == 0)
            yield break;
        if (Folder.Length > 0)
            yield return "Halyard:Archive:Folder and Halyard:Archive:S3 exclude each other: a log has one archive.";
        foreach (var problem in S3.Problems())
            yield return $"Halyard:Archive:S3:{problem}";
    }
}

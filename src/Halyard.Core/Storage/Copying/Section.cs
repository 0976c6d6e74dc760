namespace Halyard.Core.Storage.Copying;

/// <summary>What a column of a <see cref="Section"/> holds: text, a whole number, bytes, a time in whole microseconds, or yes and no.</summary>
public enum ColumnKind
{
    /// <summary>A <see cref="string"/>.</summary>
    Text,

    /// <summary>A <see cref="long"/>.</summary>
    Number,

    /// <summary>An array of bytes.</summary>
    Bytes,

    /// <summary>An array of bytes, or <see langword="null"/>.</summary>
    BytesOrNull,

    /// <summary>A <see cref="DateTimeOffset"/> in UTC.</summary>
    Time,

    /// <summary>A <see cref="bool"/>.</summary>
    Truth,
}

/// <summary>One column of a <see cref="Section"/>.</summary>
/// <param name="Name">Its name; both SQL stores call it so.</param>
/// <param name="Kind">What it holds.</param>
public readonly record struct Column(string Name, ColumnKind Kind);

/// <summary>
/// Something that a store keeps beside the entries of its logs, as rows that every store can give and take, however it keeps them
/// itself. A row has a value for each column. The first columns are its key, by which rows are ordered (texts and bytes by their
/// bytes).
/// </summary>
public sealed class Section
{
    private Section(string name, int keys, params Column[] columns) => (Name, Keys, Columns) = (name, keys, columns);

    /// <summary>Its name; both SQL stores call the table so.</summary>
    public string Name { get; }

    /// <summary>How many of the first columns are the key.</summary>
    public int Keys { get; }

    /// <summary>The columns, those of the key first.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Content by its SHA-256: as long as the log, so that a copy goes on behind the last one it has.</summary>
    public static Section Blobs { get; } = new("blob", 1, Bytes("digest"), Bytes("content"));

    /// <summary>What belongs to each tenant; in the order of a copy.</summary>
    public static IReadOnlyList<Section> OfTenants { get; } =
    [
        new(
            "resource",
            3,
            Text("kind"),
            Text("project"),
            Text("key"),
            Text("id"),
            Number("revision"),
            Time("created_at"),
            Time("updated_at"),
            Bytes("document"),
            new("sealed", ColumnKind.BytesOrNull)
        ),
        new("fence", 1, Text("name"), Number("value")),
        new(
            "answer",
            2,
            Text("credential"),
            Text("key"),
            Bytes("request"),
            Text("outcome"),
            Time("expires_at"),
            Number("idx"),
            Bytes("root"),
            Time("at"),
            Bytes("body")
        ),
        new("document_private", 1, Text("commitment"), Text("pointer"), Bytes("sealed"), Text("subject"), Number("idx")),
        new("subject", 1, Text("name"), Text("sid")),
        new("erased_subject", 1, Text("sid"), Number("idx")),
        new("evaluation_total", 3, Text("environment"), Text("flag"), Text("variant"), Number("count"), Time("last_at")),
        new(
            "evaluation_hour",
            4,
            Text("environment"),
            Time("hour"),
            Text("flag"),
            Text("variant"),
            Number("count"),
            Time("last_at")
        ),
        new("mark", 1, Text("name"), Number("version"), Bytes("value")),
        new(
            "timer",
            1,
            Text("id"),
            Time("due_at"),
            Time("ready_at"),
            Text("kind"),
            Text("resource_kind"),
            Text("resource_project"),
            Text("resource_key"),
            Number("attempt"),
            Number("fence")
        ),
    ];

    /// <summary>
    /// What is kept of subjects apart from all else. Keys and secrets are in clear: each store wraps them with its own key-encryption
    /// key, and they are nowhere but in the memory of who copies.
    /// </summary>
    public static IReadOnlyList<Section> OfKeys { get; } =
    [
        new("secret", 1, Text("name"), Bytes("wrapped")),
        new("subject_key", 2, Text("tenant"), Text("sid"), Bytes("wrapped")),
        new("subject_name", 3, Text("tenant"), Text("pseudonym"), Text("sid"), new("own", ColumnKind.Truth)),
        new("erased", 2, Text("tenant"), Text("sid"), Number("idx")),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static Column Text(string name) => new(name, ColumnKind.Text);

    private static Column Number(string name) => new(name, ColumnKind.Number);

    private static Column Bytes(string name) => new(name, ColumnKind.Bytes);

    private static Column Time(string name) => new(name, ColumnKind.Time);
}

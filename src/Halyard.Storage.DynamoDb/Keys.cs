using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Halyard.Core.Flags;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Blocks;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb;

/// <summary>
/// Where everything is in the one table; <c>docs/dynamodb.md</c> has it as a table. Nothing personal stands in a key: who wants a
/// person's items has to know the pseudonymous id.
/// </summary>
internal static class Keys
{
    /// <summary>A segment of the log never crosses a multiple of this: that spreads a log over partitions.</summary>
    public const int LogPart = 4_096;

    public const string Tenants = "TENANTS";

    /// <summary>Names the copy that the table is being filled by; nobody opens it meanwhile.</summary>
    public static Key Copying { get; } = new("COPYING", "COPY");

    /// <summary>The fences that takers of timers get.</summary>
    public static Key TimerFence { get; } = new("COUNTER", "TIMER");

    /// <summary>Says that a tenant has a log.</summary>
    public static Key Tenant(string tenant) => new(Tenants, Part(tenant));

    public static Key Head(string tenant) => new($"{In(tenant)}#AUDIT#admin", "HEAD");

    /// <summary>How far erasures and purges have been carried out.</summary>
    public static Key Swept(string tenant) => new($"{In(tenant)}#AUDIT#admin", "SWEPT");

    /// <summary>How far whole blocks of the log stand in postings.</summary>
    public static Key Folded(string tenant) => new($"{In(tenant)}#AUDIT#admin", "FOLDED");

    public static string Blocks(string tenant) => $"{In(tenant)}#BLOCK";

    /// <summary>What stands once for a block.</summary>
    public static Key Block(string tenant, long first) => new(Blocks(tenant), Index(first));

    /// <summary>When each entry of a block took effect.</summary>
    public static Key Times(string tenant, long first) => new($"{In(tenant)}#TIMES", Index(first));

    public static string Hashes(string tenant) => $"{In(tenant)}#HASHES";

    /// <summary>The leaf hashes from an entry on.</summary>
    public static Key Hashes(string tenant, long first) => new(Hashes(tenant), Index(first));

    /// <summary>One page of all blocks, so that a query of a range reads what many blocks have of a term.</summary>
    public static string Pages(string tenant, Page page) => $"{In(tenant)}#PAGE#{page.Name}";

    public static Key Page(string tenant, Page page, long first, int part) =>
        new(Pages(tenant, page), $"{Index(first)}#{PartNumber(part)}");

    /// <summary>Which entry has an id.</summary>
    public static Key Entry(string tenant, string id) => new($"{In(tenant)}#ENTRY#{Part(id)}", "INDEX");

    /// <summary>Which version a revision of a resource is.</summary>
    public static Key Revision(string tenant, string id, long revision) =>
        new($"{In(tenant)}#REVISION#{Part(id)}", Index(revision));

    public static string Versions(string tenant, ResourceName name) =>
        $"{Resources(tenant, name.Kind, name.Project)}#VERSIONS#{Part(name.Key)}";

    /// <summary>A version of a name, in the order of the log.</summary>
    public static Key Version(string tenant, ResourceName name, long index, int place) =>
        new(Versions(tenant, name), $"{Index(index)}#{PartNumber(place)}");

    /// <summary>Every name that a kind has had in a project.</summary>
    public static string Names(string tenant, ResourceKind kind, string project) => $"{Resources(tenant, kind, project)}#NAMES";

    public static Key Name(string tenant, ResourceName name) => new(Names(tenant, name.Kind, name.Project), Part(name.Key));

    /// <summary>Every kind and project that has had a name.</summary>
    public static string NameGroups(string tenant) => $"{In(tenant)}#NAMES";

    public static Key NameGroup(string tenant, ResourceKind kind, string project) =>
        new(NameGroups(tenant), Part($"{kind.Name()}/{project}"));

    public static string Committed(string tenant, string commitment) => $"{In(tenant)}#COMMITMENT#{Part(commitment)}";

    /// <summary>That an entry brought the value behind a commitment in documents.</summary>
    public static Key Committed(string tenant, string commitment, long index) => new(Committed(tenant, commitment), Index(index));

    public static string Brought(string tenant, string subject) => $"{In(tenant)}#BROUGHT#{Part(subject)}";

    /// <summary>That an entry brought a value of a subject in documents.</summary>
    public static Key Brought(string tenant, string subject, long index) => new(Brought(tenant, subject), Index(index));

    public static string Segments(string tenant, long part) => $"{In(tenant)}#AUDIT#admin#{Number(part)}";

    public static Key Segment(string tenant, long first) => new(Segments(tenant, first / LogPart), Index(first));

    public static Key Privates(string tenant, long first, int part) =>
        new(PrivateParts(tenant, first / LogPart), $"{Index(first)}#{Number(part)}");

    public static Key Blob(string tenant, Digest digest, int part) =>
        new($"{In(tenant)}#BLOB#{digest.ToHex()}", PartNumber(part));

    /// <summary>The last blob that a copy wrote.</summary>
    public static Key CopiedBlob(string tenant) => new($"{In(tenant)}#COPYING", "BLOB");

    /// <summary>Values in documents that a copy has still to put beside their entries.</summary>
    public static string CopiedPrivates(string tenant, long part) => $"{In(tenant)}#COPYING#{Number(part)}";

    public static Key CopiedPrivate(string tenant, long index, string commitment) =>
        new(CopiedPrivates(tenant, index / LogPart), $"{Index(index)}#{Part(commitment)}");

    /// <summary>Whether it is the first item of a blob.</summary>
    public static bool IsFirstPart(Key blob) => blob.Sort == PartNumber(0);

    public static string PrivateParts(string tenant, long part) => $"{In(tenant)}#PRIVATE#{Number(part)}";

    public static string Erasures(string tenant) => $"{In(tenant)}#ERASED";

    public static Key Erasure(string tenant, long index) => new(Erasures(tenant), Index(index));

    public static Key Profile(string tenant, string subject) => new($"{In(tenant)}#USER#{Part(subject)}", "PROFILE");

    public static Key DirectorySecret(string tenant) => new($"{In(tenant)}#DIRECTORY", "SECRET");

    /// <summary>Who has a name, by the name's pseudonym.</summary>
    public static Key Named(string tenant, string pseudonym) => new($"{In(tenant)}#NAME#{pseudonym}", "USER");

    public static Key Fence(string tenant, string name) => new($"{In(tenant)}#FENCE", Part(name));

    public static Key Answer(string tenant, string credential, string key) =>
        new($"{In(tenant)}#ANSWER#{Part(credential)}", Part(key));

    public static Key Timer(string tenant, string id) => new($"{In(tenant)}#TIMER", Part(id));

    public static string Marks(string tenant) => $"{In(tenant)}#MARK";

    public static Key Mark(string tenant, string name) => new(Marks(tenant), "MARK#" + Part(name));

    public static string Counts(string tenant, string environment) => $"{In(tenant)}#COUNT#{Part(environment)}";

    public static Key Totals(string tenant, string environment) => new(Counts(tenant, environment), "TOTAL");

    public static Key Hour(string tenant, string environment, DateTimeOffset hour) =>
        new(Counts(tenant, environment), "HOUR#" + Index(Instants.Micros(hour)));

    /// <summary>More of the counts of an item, behind it.</summary>
    public static Key CountPart(Key counts, int part) => counts with { Sort = $"{counts.Sort}#{PartNumber(part)}" };

    public static Key Resource(string tenant, ResourceName name) =>
        new(Resources(tenant, name.Kind, name.Project), Sort(name.Kind) + Part(name.Key));

    public static Key ResourcePart(string tenant, ResourceName name, int part)
    {
        var key = Resource(tenant, name);
        return new Key(key.Partition + "#PARTS", $"{key.Sort}#{PartNumber(part)}");
    }

    public static string Resources(string tenant, ResourceKind kind, string project) =>
        project.Length == 0 ? $"{In(tenant)}#{Plural(kind)}" : $"{In(tenant)}#P#{Part(project)}#{Plural(kind)}";

    /// <summary>What the sort keys of a kind begin with.</summary>
    public static string Sort(ResourceKind kind) =>
        kind switch
        {
            ResourceKind.Flag => "FEATURE#",
            ResourceKind.Environment => "ENV#",
            _ => kind.Name().ToUpperInvariant() + "#",
        };

    /// <summary>An index as a sort key: its order is that of the numbers.</summary>
    public static string Index(long index) => index.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>
    /// A text as part of a key: <c>#</c> separates parts, so that it and what cannot be sent as it is are escaped; a long one is its hash.
    /// The order of what people name things with stays.
    /// </summary>
    public static string Part(string text)
    {
        const int longest = 980;
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            var isPair = char.IsHighSurrogate(letter) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair)
                escaped.Append(letter).Append(text[++i]);
            else if (letter is '#' or '%' or < ' ' || char.IsSurrogate(letter))
                escaped.Append(CultureInfo.InvariantCulture, $"%{(int)letter:X4}");
            else
                escaped.Append(letter);
        }
        var part = escaped.ToString();
        // No other part has the separator in it.
        return Encoding.UTF8.GetByteCount(part) <= longest
            ? part
            : "##" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(part)));
    }

    /// <summary>What a part of a key stands for, unless that was so long that it is its hash.</summary>
    public static string Text(string part)
    {
        var text = new StringBuilder(part.Length);
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] == '%')
            {
                text.Append((char)int.Parse(part.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
                text.Append(part[i]);
        }
        return text.ToString();
    }

    private static string In(string tenant) => "T#" + Part(tenant);

    private static string Plural(ResourceKind kind) =>
        kind switch
        {
            ResourceKind.Flag => "FEATURES",
            ResourceKind.Environment => "ENVIRONMENTS",
            _ => kind.Name().ToUpperInvariant() + "S",
        };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string PartNumber(int part) => part.ToString("D4", CultureInfo.InvariantCulture);
}

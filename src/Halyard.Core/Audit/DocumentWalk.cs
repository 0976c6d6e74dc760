using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Audit;

/// <summary>
/// Copies a document, handing each personal value to a function that commits to it. Pointers name list elements by their
/// <c>id</c> or <c>key</c>, or by <c>-</c>, so that a commitment survives reordering.
/// </summary>
internal sealed class DocumentWalk(ResourceKind kind, JsonElement root, Utf8JsonWriter writer, DocumentWalk.Committer commit)
{
    public const string CommitmentMember = "$c";

    /// <summary>Gives the commitment that stands in place of a value.</summary>
    public delegate string Committer(string pointer, string value, ValueOwner owner);

    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = DefinitionJson.Encoder, SkipValidation = true };

    private readonly bool _sensitive = root.TryGetProperty("sensitive", out var sensitive) && sensitive.GetBoolean();

    public void Run() => Copy(root, "", Place.Root);

    /// <summary>Copies a sealed document with the known values in place of their commitments.</summary>
    public static void Reveal(JsonElement element, Utf8JsonWriter writer, IReadOnlyDictionary<string, string> values)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when Commitment(element) is { } commitment && values.TryGetValue(commitment, out var value):
                writer.WriteRawValue(value);
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Reveal(member.Value, writer, values);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Reveal(item, writer, values);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>Collects commitments in document order.</summary>
    public static void Commitments(JsonElement element, List<string> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when Commitment(element) is { } commitment:
                found.Add(commitment);
                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                    Commitments(member.Value, found);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Commitments(item, found);
                break;
        }
    }

    private static string? Commitment(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
        && element.GetPropertyCount() == 1
        && element.TryGetProperty(CommitmentMember, out var commitment)
        && commitment.ValueKind == JsonValueKind.String
            ? commitment.GetString()
            : null;

    private void Copy(JsonElement element, string pointer, Place place)
    {
        // Somebody's own value that looks like a commitment is committed to as well: in a sealed document each commitment is one.
        if (IsPersonal(place) || Commitment(element) is not null)
        {
            writer.WriteStartObject();
            writer.WriteString(CommitmentMember, commit(pointer, element.GetRawText(), OwnerOf(place)));
            writer.WriteEndObject();
            return;
        }
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                var personal =
                    place == Place.Condition
                    && element.TryGetProperty("attribute", out var attribute)
                    && PersonalValues.IsPersonal(attribute.GetString() ?? "");
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Copy(member.Value, $"{pointer}/{JsonCursor.EscapePointer(member.Name)}", Below(place, member.Name, personal));
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Copy(item, $"{pointer}/{NameOf(item)}", Item(place));
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private bool IsPersonal(Place place) =>
        place switch
        {
            Place.OverrideValue or Place.Member or Place.PersonalValue or Place.CredentialName => true,
            Place.OperationValue or Place.FreeText => true,
            Place.VariantValue => _sensitive,
            _ => false,
        };

    private static ValueOwner OwnerOf(Place place) =>
        place switch
        {
            Place.OverrideValue or Place.Member or Place.PersonalValue => ValueOwner.Named,
            Place.CredentialName => ValueOwner.Holder,
            _ => ValueOwner.Resource,
        };

    private Place Below(Place place, string member, bool personal) =>
        (place, member) switch
        {
            (Place.Root, "environments") when kind == ResourceKind.Flag => Place.Environments,
            (Place.Root, "variants") when kind == ResourceKind.Flag => Place.Variants,
            (Place.Root, "includes" or "excludes") when kind == ResourceKind.Segment => Place.Members,
            (Place.Root, "rules") when kind == ResourceKind.Segment => Place.Rules,
            (Place.Root, "operations") when kind is ResourceKind.ChangeRequest or ResourceKind.Bypass => Place.Operations,
            (Place.Root, "title") when kind == ResourceKind.ChangeRequest => Place.FreeText,
            (Place.Root, "comments") when kind == ResourceKind.ChangeRequest => Place.Remarks,
            (Place.Root, "votes") when kind == ResourceKind.ChangeRequest => Place.Remarks,
            (Place.Root, "justification") when kind == ResourceKind.Bypass => Place.FreeText,
            (Place.Root, "ratifications") when kind == ResourceKind.Bypass => Place.Remarks,
            (Place.Root, "review") when kind == ResourceKind.Bypass => Place.Remark,
            (Place.Remark, "findings") => Place.FreeText,
            (Place.Remark, "actionItems") => Place.Remarks,
            (Place.Remark, "comment" or "text") => Place.FreeText,
            (Place.Operation, "override") => Place.Override,
            (Place.Operation, "includes" or "excludes") => Place.Members,
            // What a sensitive flag's value is an operation does not say: no value of any stands in the log.
            (Place.Operation, "value") => Place.OperationValue,
            (Place.Operation, "variants") => Place.OperationVariants,
            (Place.OperationVariant, "value") => Place.OperationValue,
            (Place.Operation, "overrides") => Place.Overrides,
            (Place.Operation, "rules") => Place.Rules,
            (Place.Operation, "conditions") => Place.Conditions,
            (Place.Operation, _) => Place.Operation,
            (Place.Root, "name") when kind is ResourceKind.Token or ResourceKind.SdkKey or ResourceKind.Hold =>
                Place.CredentialName,
            (Place.Root, "name" or "email") when kind == ResourceKind.User => Place.CredentialName,
            (Place.Root, "name") when kind == ResourceKind.ServiceAccount => Place.CredentialName,
            (Place.Root, "description") when kind == ResourceKind.ServiceAccount => Place.FreeText,
            (Place.Environments, _) => Place.Configuration,
            (Place.Configuration, "overrides") => Place.Overrides,
            (Place.Configuration, "rules") => Place.Rules,
            (Place.Override, "targetingKey" or "value") => Place.OverrideValue,
            (Place.Rule, "conditions") => Place.Conditions,
            (Place.Condition, "values") when personal => Place.PersonalValues,
            (Place.Variant, "value") => Place.VariantValue,
            _ => Place.Elsewhere,
        };

    private static Place Item(Place place) =>
        place switch
        {
            Place.Overrides => Place.Override,
            Place.Rules => Place.Rule,
            Place.Conditions => Place.Condition,
            Place.PersonalValues => Place.PersonalValue,
            Place.Members => Place.Member,
            Place.Variants => Place.Variant,
            Place.Operations or Place.Operation => Place.Operation,
            Place.OperationVariants => Place.OperationVariant,
            Place.Remarks => Place.Remark,
            _ => Place.Elsewhere,
        };

    private static string NameOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && (item.TryGetProperty("id", out var name) || item.TryGetProperty("key", out name))
        && name.ValueKind == JsonValueKind.String
            ? JsonCursor.EscapePointer(name.GetString()!)
            : "-";

    private enum Place
    {
        Root,
        Elsewhere,
        Environments,
        Configuration,
        Overrides,
        Override,
        OverrideValue,
        Rules,
        Rule,
        Conditions,
        Condition,
        PersonalValues,
        PersonalValue,
        Variants,
        Variant,
        VariantValue,
        Members,
        Member,
        CredentialName,
        Operations,
        Operation,
        OperationValue,
        OperationVariants,
        OperationVariant,
        Remarks,
        Remark,
        FreeText,
    }
}

/// <summary>Whom a personal value in a document belongs to, with whom it is erased.</summary>
internal enum ValueOwner
{
    /// <summary>The person that the value itself names: a targeting key, an e-mail address.</summary>
    Named,

    /// <summary>Whoever holds the credential.</summary>
    Holder,

    /// <summary>The resource: a sensitive flag's values.</summary>
    Resource,
}

namespace Halyard.Rego;

/// <summary>Where a document does not match its schema, and how, in the words that OPA's policies know.</summary>
internal sealed record SchemaMismatch(string Field, string Type, string Description);

/// <summary>Holds a document against a schema that <see cref="SchemaCheck"/> has found right; finds all mismatches.</summary>
internal sealed class SchemaMatch(BuiltinContext context, RegoValue root)
{
    // Schema and document together; a reference that leads back to itself ends here.
    private const int MaximumDepth = 256;

    private int _depth;

    public List<SchemaMismatch> Mismatches { get; private set; } = [];

    /// <summary>Why no answer could be found, or null.</summary>
    public string? Failure { get; private set; }

    public void Check(RegoValue document) => Check(document, root, "(root)");

    private void Check(RegoValue value, RegoValue schema, string field)
    {
        context.Spend(4);
        context.Weigh(value);
        if (ReferenceEquals(schema, RegoBoolean.False))
            Add(field, "false", "False always fails validation");
        if (schema is not RegoObject keywords || Failure is not null)
            return;
        if (++_depth > MaximumDepth)
            Failure = "the schema or the document nests too deeply";
        else if (keywords.Get("$ref") is RegoString reference)
            CheckReference(value, reference.Value, field);
        else if (IsOfType(value, keywords, field))
            CheckKeywords(value, keywords, field);
        _depth--;
    }

    private void CheckReference(RegoValue value, string reference, string field)
    {
        RegoValue? found = root;
        foreach (var step in JsonPaths.Steps(context, RegoValue.Of(Uri.UnescapeDataString(reference[1..])))!)
        {
            found = found switch
            {
                RegoArray array when RegoNumber.TryParse(((RegoString)step).Value, out var at) => array.At(at),
                null => null,
                _ => Objects.MemberOf(found, step),
            };
        }
        if (found is RegoObject or RegoBoolean)
            Check(value, found, field);
        else
            Failure = $"the reference {reference} leads nowhere";
    }

    private bool IsOfType(RegoValue value, RegoObject keywords, string field)
    {
        if (keywords.Get("type") is not { } type)
            return true;
        var names = type is RegoArray several ? [.. several] : new[] { type };
        var given = value is RegoNumber { IsInteger: true } ? "integer" : value.KindName;
        if (names.Any(name => ((RegoString)name).Value is var wanted && (wanted == given || wanted == value.KindName)))
            return true;
        Add(
            field,
            "invalid_type",
            $"Invalid type. Expected: {string.Join('/', names.Select(name => ((RegoString)name).Value))}, given: {given}"
        );
        return false;
    }

    private void CheckKeywords(RegoValue value, RegoObject keywords, string field)
    {
        CheckCombinations(value, keywords, field);
        var name = field == "(root)" ? "(root)" : field[(field.LastIndexOf('.') + 1)..];
        if (keywords.Get("const") is { } only && !only.Equals(value))
            Add(field, "const", $"{name} does not match: {only.ToJson()}");
        context.Weigh(keywords);
        if (keywords.Get("enum") is RegoArray allowed && !allowed.Contains(value))
            Add(
                field,
                "enum",
                $"{name} must be one of the following: {string.Join(", ", allowed.Select(item => item.ToJson()))}"
            );
        var problems = value switch
        {
            RegoNumber number => SchemaScalars.OfNumber(number, keywords),
            RegoString text => SchemaScalars.OfText(context, text.Value, keywords),
            _ => [],
        };
        foreach (var (type, description) in problems)
            Add(field, type, description);
        if (value is RegoArray array)
            CheckItems(array, keywords, field);
        if (value is RegoObject members)
            CheckMembers(members, keywords, field);
    }

    private void CheckCombinations(RegoValue value, RegoObject keywords, string field)
    {
        if (keywords.Get("anyOf") is RegoArray any && !any.Any(schema => Matches(value, schema, field)))
            Add(field, "number_any_of", "Must validate at least one schema (anyOf)");
        if (keywords.Get("oneOf") is RegoArray one && one.Count(schema => Matches(value, schema, field)) != 1)
            Add(field, "number_one_of", "Must validate one and only one schema (oneOf)");
        if (keywords.Get("allOf") is RegoArray all)
        {
            var before = Mismatches.Count;
            foreach (var schema in all)
                Check(value, schema, field);
            if (Mismatches.Count > before)
                Add(field, "number_all_of", "Must validate all the schemas (allOf)");
        }
        if (keywords.Get("not") is { } not && Matches(value, not, field))
            Add(field, "number_not", "Must not validate the schema (not)");
        if (keywords.Get("if") is { } condition)
        {
            var holds = Matches(value, condition, field);
            var word = holds ? "then" : "else";
            if (keywords.Get(word) is { } consequence && !Matches(value, consequence, field))
                Add(field, $"condition_{word}", $"Must validate \"{word}\" as \"if\" was {(holds ? "" : "not ")}valid");
        }
    }

    // Whether it matches, without saying where it does not.
    private bool Matches(RegoValue value, RegoValue schema, string field)
    {
        var outer = Mismatches;
        Mismatches = [];
        Check(value, schema, field);
        var matches = Mismatches.Count == 0;
        Mismatches = outer;
        return matches;
    }

    private void CheckItems(RegoArray array, RegoObject keywords, string field)
    {
        if (Count(keywords, "minItems") is { } least && array.Count < least)
            Add(field, "array_min_items", $"Array must have at least {least} items");
        if (Count(keywords, "maxItems") is { } most && array.Count > most)
            Add(field, "array_max_items", $"Array must have at most {most} items");
        context.Spend(array.Count);
        if (ReferenceEquals(keywords.Get("uniqueItems"), RegoBoolean.True) && array.Distinct().Count() != array.Count)
            Add(field, "unique", "array items must be unique");
        if (keywords.Get("contains") is { } contained && !array.Any(item => Matches(item, contained, field)))
            Add(field, "contains", "At least one of the items must match");
        var items = keywords.Get("items");
        for (var i = 0; i < array.Count && items is not null; i++)
        {
            var schema =
                items is not RegoArray tuple ? items
                : i < tuple.Count ? tuple[i]
                : keywords.Get("additionalItems");
            if (ReferenceEquals(schema, RegoBoolean.False) && items is RegoArray)
            {
                Add(field, "array_no_additional_items", "No additional items allowed on array");
                return;
            }
            if (schema is not null)
                Check(array[i], schema, Below(field, i.ToString()));
        }
    }

    private void CheckMembers(RegoObject members, RegoObject keywords, string field)
    {
        if (Count(keywords, "minProperties") is { } least && members.Count < least)
            Add(field, "array_min_properties", $"Must have at least {least} properties");
        if (Count(keywords, "maxProperties") is { } most && members.Count > most)
            Add(field, "array_max_properties", $"Must have at most {most} properties");
        if (keywords.Get("required") is RegoArray required)
        {
            foreach (var name in required.Where(name => members.Get(name) is null))
                Add(field, "required", $"{((RegoString)name).Value} is required");
        }
        foreach (var (key, value) in members)
            CheckMember(RegoJson.NameOf(key), value, keywords, field);
        foreach (var (name, dependency) in keywords.Get("dependencies") as RegoObject ?? RegoObject.Empty)
        {
            if (members.Get(name) is null)
                continue;
            if (dependency is not RegoArray names)
                Check(members, dependency, field);
            else if (names.FirstOrDefault(other => members.Get(other) is null) is RegoString missing)
                Add(field, "missing_dependency", $"Has a dependency on {missing.Value}");
        }
    }

    private void CheckMember(string name, RegoValue value, RegoObject keywords, string field)
    {
        var isKnown = false;
        if ((keywords.Get("properties") as RegoObject)?.Get(name) is { } schema)
        {
            isKnown = true;
            Check(value, schema, Below(field, name));
        }
        foreach (var (pattern, matched) in keywords.Get("patternProperties") as RegoObject ?? RegoObject.Empty)
        {
            if (Patterns.Compiled(context, RegoJson.NameOf(pattern)) is not { } compiled)
            {
                Failure = $"pattern must be a valid regex, given: {pattern}";
                return;
            }
            if (!compiled.IsMatch(context, name))
                continue;
            isKnown = true;
            Check(value, matched, Below(field, name));
        }
        if (!isKnown && keywords.Get("additionalProperties") is { } additional)
        {
            if (ReferenceEquals(additional, RegoBoolean.False))
                Add(field, "additional_property_not_allowed", $"Additional property {name} is not allowed");
            else
                Check(value, additional, Below(field, name));
        }
        if (keywords.Get("propertyNames") is { } names && !Matches(RegoValue.Of(name), names, field))
            Add(field, "invalid_property_name", $"Property name of \"{name}\" does not match");
    }

    private string Below(string field, string name)
    {
        var below = field == "(root)" ? name : $"{field}.{name}";
        context.Reserve(2L * below.Length);
        return below;
    }

    private static long? Count(RegoObject keywords, string keyword) =>
        keywords.Get(keyword) is RegoNumber number && number.TryGetInt64(out var count) ? count : null;

    private void Add(string field, string type, string description)
    {
        context.Reserve(512 + 4L * (field.Length + description.Length));
        Mismatches.Add(new SchemaMismatch(field, type, description));
    }
}

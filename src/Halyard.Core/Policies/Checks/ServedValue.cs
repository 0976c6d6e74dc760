using System.Buffers;
using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Policies.Checks;

/// <summary>What an environment serves of a flag, as one digest: what a promotion carries over, and what variants then mean.</summary>
public static class ServedValue
{
    /// <summary>
    /// The digest of a flag's type, status, variants and salt with a configuration. Overrides and the fallback variant are left out: no
    /// promotion carries them.
    /// </summary>
    public static Digest Of(Flag flag, FlagEnvironment settings)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("configuration");
            DefinitionJson.WriteEnvironmentMembers(writer, settings with { Overrides = [], FallbackVariant = null });
            writer.WriteEndObject();
            writer.WriteString("hash", flag.Definition.Hash.WireName());
            writer.WriteString("key", flag.Definition.Key);
            if (flag.Definition.Salt is not null)
                writer.WriteString("salt", flag.Definition.Salt);
            writer.WriteString("status", flag.Definition.Status.WireName());
            writer.WriteString("type", flag.Definition.Type.WireName());
            writer.WriteStartArray("variants");
            foreach (var variant in flag.Definition.Variants)
                DefinitionJson.WriteVariant(writer, variant with { Description = "" });
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Digest.Of(CanonicalJson.Canonicalize(buffer.WrittenSpan));
    }
}

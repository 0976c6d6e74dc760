using Halyard.Core.Access;
using Halyard.Core.Access.Services;
using Halyard.Core.Access.Users;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Audit.Holds;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Storage;

namespace Halyard.Core.Reading;

/// <summary>Reads stored documents of every domain.</summary>
public static class ResourceDocuments
{
    /// <summary>The resource in a document.</summary>
    /// <exception cref="InvalidDataException">The store is damaged.</exception>
    public static Resource Read(ResourceName name, ReadOnlyMemory<byte> document) =>
        FlagDocuments.Read(name, document)
        ?? AccessDocuments.Read(name, document)
        ?? User.Read(name, document)
        ?? ServiceAccount.Read(name, document)
        ?? Hold.Read(name, document)
        ?? SinkJson.Read(name, document)
        ?? RetentionJson.Read(name, document)
        ?? InstalledPolicies.Read(name, document)
        ?? CheckJson.Read(name, document)
        ?? EvidenceRecord.Read(name, document)
        ?? PromotionGates.Read(name, document)
        ?? ChangeRequestJson.Read(name, document)
        ?? Delegation.Read(name, document)
        ?? BypassJson.Read(name, document)
        ?? FreezeJson.Read(name, document)
        ?? throw new InvalidDataException($"There is no reader for {name}.");

    internal static Loaded Load(StoredResource stored) =>
        new(Read(stored.Name, stored.Document), stored.Revision, stored.Document, stored.Sealed);
}

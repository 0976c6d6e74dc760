namespace Halyard.Core.Audit.Privacy;

/// <summary>A personal value as a store keeps it: unreadable without its subject's data key, which is kept elsewhere.</summary>
/// <param name="Pointer">The pointer that the commitment binds.</param>
/// <param name="Commitment">As it stands in the leaf or document.</param>
/// <param name="Ciphertext">What <see cref="ValueCipher"/> wrote.</param>
/// <param name="Subject">Pseudonymous id of whom the value belongs to; erasing the subject erases the value.</param>
/// <param name="InDocument">True where it stands in a resource's document and so may recur in later entries.</param>
public sealed record SealedValue(string Pointer, string Commitment, byte[] Ciphertext, string Subject, bool InDocument);

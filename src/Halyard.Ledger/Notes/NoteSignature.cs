using System.Buffers.Binary;

namespace Halyard.Ledger;

/// <summary>One signature line of a note.</summary>
/// <param name="Name">The key's name as the line says it.</param>
/// <param name="KeyId">The key's id as the line says it.</param>
/// <param name="Bytes">The signature alone; not yet checked.</param>
public sealed record NoteSignature(string Name, uint KeyId, byte[] Bytes)
{
    private const string Dash = "— ";
    private const int KeyIdLength = sizeof(uint);

    /// <summary>The line without its end: dash, name, base64 of key id and signature.</summary>
    public override string ToString()
    {
        var bytes = new byte[KeyIdLength + Bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Bytes.CopyTo(bytes.AsSpan(KeyIdLength));
        return $"{Dash}{Name} {Convert.ToBase64String(bytes)}";
    }

    /// <summary>Reads a line without its end; null where it is not a signature line.</summary>
    internal static NoteSignature? Read(string line)
    {
        if (!line.StartsWith(Dash, StringComparison.Ordinal))
            return null;
        var space = line.IndexOf(' ', Dash.Length);
        if (space < 0 || !NoteName.IsValid(line.AsSpan(Dash.Length, space - Dash.Length)))
            return null;
        return StrictBase64.TryRead(line[(space + 1)..], out var bytes) && bytes.Length > KeyIdLength
            ? new NoteSignature(line[Dash.Length..space], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[KeyIdLength..])
            : null;
    }
}

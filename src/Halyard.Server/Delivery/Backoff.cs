using System.Buffers.Binary;
using Halyard.Core;

namespace Halyard.Server.Delivery;

/// <summary>How long to wait after a failure: doubled each time up to five minutes, and a random part of that, so that nodes and sinks do not return together.</summary>
internal static class Backoff
{
    /// <summary>The longest wait that nobody asked for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>The wait after so many failures in a row (1 or more): half of it certain, half by chance.</summary>
    /// <param name="failures">How many.</param>
    /// <param name="asked">How long the target asked to wait, or <see langword="null"/>; never less than that.</param>
    /// <param name="entropy">Chance.</param>
    public static TimeSpan After(int failures, TimeSpan? asked, Entropy entropy)
    {
        var doubled = First * Math.Pow(2, Math.Min(failures - 1, 20));
        var most = doubled < Longest ? doubled : Longest;
        Span<byte> bytes = stackalloc byte[4];
        entropy.Fill(bytes);
        var share = BinaryPrimitives.ReadUInt32BigEndian(bytes) / (double)uint.MaxValue;
        var wait = most / 2 * (1 + share);
        return asked > wait ? asked.Value : wait;
    }
}

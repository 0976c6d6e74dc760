namespace Halyard.Contracts;

/// <summary>Asks for the erasure of somebody's personal values; needs a subject or a name.</summary>
public sealed record ErasureBody
{
    /// <summary>A pseudonymous id, as entries name it.</summary>
    public string? Subject { get; init; }

    /// <summary>A name, an e-mail address or a targeting key: everybody whom it stands for is erased.</summary>
    public string? Name { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }
    public string? Ticket { get; init; }
    public string? Incident { get; init; }
}

/// <summary>Places a legal hold: on a subject, or on a range of entries.</summary>
public sealed record HoldBody
{
    /// <summary>Unique in the tenant.</summary>
    public required string Key { get; init; }

    /// <summary>Words for people.</summary>
    public string? Name { get; init; }

    /// <summary>The pseudonymous id of whose values may not be erased.</summary>
    public string? Subject { get; init; }

    /// <summary>Instead of the id, a name, e-mail address or targeting key; the log gets the id alone.</summary>
    public string? Person { get; init; }

    /// <summary>The first entry that may not be purged.</summary>
    public long? From { get; init; }

    /// <summary>The first entry after them.</summary>
    public long? To { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
    public string? Ticket { get; init; }
    public string? Incident { get; init; }
}

/// <summary>A legal hold that stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">Its key.</param>
/// <param name="Name">Words for people.</param>
/// <param name="Subject">Whom it covers, where it covers somebody.</param>
/// <param name="From">The first entry it covers, where it covers a range.</param>
/// <param name="To">The first entry after them.</param>
/// <param name="Revision">Its revision.</param>
public sealed record HoldAnswer(string Id, string Key, string? Name, string? Subject, long? From, long? To, long Revision);

namespace Halyard.Cli.Importing;

/// <summary>
/// Reads one product's flag definitions. Pure: the same bytes give the same result. A construct with no exact equivalent is
/// noted and never approximated; a file that cannot be read at all is an exception.
/// </summary>
internal interface IDefinitionReader
{
    /// <summary>The name that <c>--from</c> takes.</summary>
    string Format { get; }

    /// <summary>The format in words for people, which the audit entry repeats: "flagd definitions".</summary>
    string Title { get; }

    /// <summary>Reads a file; the caller has bounded its size to <see cref="SourceDocument.MaxBytes"/>.</summary>
    /// <exception cref="UnreadableSourceException">The bytes are not a document of this format.</exception>
    ImportedProject Read(ReadOnlyMemory<byte> file);
}

/// <summary>A file that is not a document of the format; the message says in words why.</summary>
internal sealed class UnreadableSourceException(string message) : Exception(message);

namespace Halyard.Core.Access.Roles;

/// <summary>The form of pseudonymous ids of people and services.</summary>
public static class SubjectIds
{
    private const int MaxLength = 64;

    /// <summary>Whether the text is one: a letter, '_', and letters, digits, '_' and '-'. No e-mail address has this form.</summary>
    public static bool IsId(string text) =>
        text is [>= 'a' and <= 'z', '_', ..]
        && text.Length <= MaxLength
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');
}

using System.Net.Mail;

namespace Halyard.Server.Delivery.Mail;

/// <summary>The mail server that e-mail sinks hand their messages to, under <c>Halyard:Mail</c>.</summary>
internal sealed class MailOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Halyard:Mail";

    /// <summary>The mail server's host.</summary>
    /// <value>The default value is empty: no e-mail sink delivers.</value>
    public string Host { get; set; } = "";

    /// <summary>Its port, 1 to 65,535.</summary>
    /// <value>The default value is 587.</value>
    public int Port { get; set; } = 587;

    /// <summary>Whether the connection must turn to TLS (STARTTLS) before anything is sent.</summary>
    /// <value>The default value is true.</value>
    public bool StartTls { get; set; } = true;

    /// <summary>The address that messages come from.</summary>
    /// <value>The default value is empty.</value>
    public string From { get; set; } = "";

    /// <summary>Who logs in at the mail server; empty for nobody.</summary>
    /// <value>The default value is empty.</value>
    public string User { get; set; } = "";

    /// <summary>The name of the secret that is the password.</summary>
    /// <value>The default value is empty.</value>
    public string Secret { get; set; } = "";

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (Host.Length == 0)
            yield break;
        if (Port is < 1 or > 65_535)
            yield return $"{Section}:{nameof(Port)} must be 1 to 65535.";
        if (!MailAddress.TryCreate(From, out _))
            yield return $"{Section}:{nameof(From)} must be an e-mail address.";
        if (User.Length > 0 != Secret.Length > 0)
            yield return $"{Section}:{nameof(User)} and {Section}:{nameof(Secret)} need each other.";
        if (User.Length > 0 && !StartTls)
            yield return $"{Section}:{nameof(StartTls)} must be true where somebody logs in: the password would travel in clear.";
    }
}

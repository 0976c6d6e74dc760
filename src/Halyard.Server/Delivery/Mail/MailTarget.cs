using System.Net;
using System.Net.Mail;
using Halyard.Core.Audit.Sinks;

namespace Halyard.Server.Delivery.Mail;

/// <summary>Hands alerts to the mail server that the operator configured.</summary>
internal sealed class MailTarget(
    string tenant,
    Sink sink,
    MailOptions options,
    Secrets secrets,
    EntryLinks links,
    TimeProvider time
) : ISinkTarget
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public int BatchSize => 1;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeliveryResult>> SendAsync(
        IReadOnlyList<SinkMessage> messages,
        CancellationToken cancellationToken
    )
    {
        if (Problem(out var recipients) is { } problem)
            return [problem];
        using var mail = MailMessages.Alert(new MailAddress(options.From), recipients, messages.Single(), links.Of);
        return [await SendAsync(mail, cancellationToken)];
    }

    /// <inheritdoc/>
    public async ValueTask<DeliveryResult> TestAsync(CancellationToken cancellationToken)
    {
        if (Problem(out var recipients) is { } problem)
            return problem;
        using var mail = MailMessages.Test(new MailAddress(options.From), recipients, sink.Key);
        return await SendAsync(mail, cancellationToken);
    }

    private DeliveryResult? Problem(out IReadOnlyList<MailAddress> recipients)
    {
        recipients = [];
        if (options.Host.Length == 0)
            return DeliveryResult.Failed($"no mail server is configured ({MailOptions.Section}:{nameof(MailOptions.Host)})");
        if (options.Secret.Length > 0 && Password() is { Value: null } password)
            return DeliveryResult.Failed(password.Problem);
        var name = sink.Settings.TargetSecret!;
        var (list, missing) = secrets.Find(name, tenant, target: null);
        if (list is null)
            return DeliveryResult.Failed(missing);
        if (MailMessages.Recipients(list) is not { } found)
            return DeliveryResult.Failed(
                $"the secret '{name}' must be 1 to {MailMessages.MaxRecipients} e-mail addresses, separated by commas"
            );
        recipients = found;
        return null;
    }

    private FoundSecret Password() => secrets.FindOwn(options.Secret, new UriBuilder("smtp", options.Host, options.Port).Uri);

    private async ValueTask<DeliveryResult> SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var client = new SmtpClient(options.Host, options.Port) { EnableSsl = options.StartTls };
        if (options.User.Length > 0)
            client.Credentials = new NetworkCredential(options.User, Password().Value);
        try
        {
            await client.SendMailAsync(mail, either.Token);
            return new DeliveryResult(DeliveryVerdict.Accepted, "the mail server took it");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DeliveryResult.Failed($"the mail server did not answer within {Patience.TotalSeconds} s");
        }
        catch (SmtpFailedRecipientException broken)
        {
            return Judge(broken, mail.To.Count + mail.CC.Count + mail.Bcc.Count);
        }
        catch (SmtpException broken)
        {
            return Judge(broken.StatusCode);
        }
    }

    /// <summary>
    /// What it says of some mailboxes. Those that it took have the message: it is not sent to them again for the sake of others. One
    /// that is refused for good everywhere must not hold up the messages after it.
    /// </summary>
    private static DeliveryResult Judge(SmtpFailedRecipientException broken, int recipients)
    {
        var failed = broken is SmtpFailedRecipientsException several ? several.InnerExceptions : [broken];
        if (failed.Length < recipients)
            return new DeliveryResult(
                DeliveryVerdict.Accepted,
                $"the mail server took it for {recipients - failed.Length} of {recipients} recipients"
            );
        return failed.FirstOrDefault(item => !IsOfMailbox(item.StatusCode)) is { } other
            ? Judge(other.StatusCode)
            : new DeliveryResult(
                DeliveryVerdict.Refused,
                $"the mail server refused every recipient, with {(int)failed[0].StatusCode}"
            );
    }

    /// <summary>Whether a reply refuses a mailbox for good.</summary>
    private static bool IsOfMailbox(SmtpStatusCode status) =>
        status
            is SmtpStatusCode.MailboxUnavailable
                or SmtpStatusCode.UserNotLocalTryAlternatePath
                or SmtpStatusCode.ExceededStorageAllocation
                or SmtpStatusCode.MailboxNameNotAllowed
                or SmtpStatusCode.TransactionFailed;

    /// <summary>
    /// What a reply of the mail server says: of the message, or of the server and of us, and then every message waits. What it says
    /// in words is not repeated.
    /// </summary>
    internal static DeliveryResult Judge(SmtpStatusCode status) =>
        status switch
        {
            SmtpStatusCode.TransactionFailed or SmtpStatusCode.ExceededStorageAllocation => new DeliveryResult(
                DeliveryVerdict.Refused,
                $"the mail server answered {(int)status}"
            ),
            SmtpStatusCode.GeneralFailure => DeliveryResult.Failed("the mail server cannot be reached, or broke off"),
            _ => DeliveryResult.Failed($"the mail server answered {(int)status}"),
        };
}

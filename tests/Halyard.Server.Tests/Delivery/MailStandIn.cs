using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Halyard.Server.Tests.Delivery;

/// <summary>A message as a mail server gets it.</summary>
/// <param name="From">The sender in the envelope.</param>
/// <param name="To">The recipients in the envelope.</param>
/// <param name="Headers">The header lines, folded ones in one.</param>
/// <param name="Text">The body, decoded.</param>
public sealed record Mail(string From, IReadOnlyList<string> To, IReadOnlyList<string> Headers, string Text)
{
    /// <summary>The value of the one header with a name.</summary>
    public string Header(string name) =>
        Headers.Single(line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..];

    /// <summary>The subject, decoded.</summary>
    public string Subject => System.Net.Mail.Attachment.CreateAttachmentFromString("", Header("Subject")).Name ?? "";
}

/// <summary>A mail server that speaks as much SMTP as takes a message, and answers as the test says.</summary>
public sealed class MailStandIn : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<Mail> _mails = Channel.CreateUnbounded<Mail>();
    private readonly Task _work;

    public MailStandIn()
    {
        _listener.Start();
        _work = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What is answered to a command; <see langword="null"/> for what a mail server would.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    /// <summary>The messages so far.</summary>
    public List<Mail> Taken { get; } = [];

    /// <summary>The next message; waits for it.</summary>
    public async Task<Mail> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        return await _mails.Reader.ReadAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            using var client = await _listener.AcceptTcpClientAsync(_end.Token);
            try
            {
                await TalkAsync(client);
            }
            catch (IOException)
            {
                // Whoever sent it hung up.
            }
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false))
        {
            NewLine = "\r\n",
            AutoFlush = true,
        };
        await writer.WriteLineAsync("220 stand-in");
        var (from, to) = ("", new List<string>());
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            var answer = Answer(line);
            if (answer is null)
            {
                from = verb == "MAIL" ? Address(line) : from;
                if (verb == "RCPT")
                    to.Add(Address(line));
                answer = verb switch
                {
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    _ => "250 ok",
                };
            }
            await writer.WriteLineAsync(answer);
            if (verb == "DATA" && answer.StartsWith('3'))
            {
                var mail = await ReadAsync(reader, from, to);
                var end = Answer(".") ?? "250 taken";
                if (end.StartsWith('2'))
                {
                    Taken.Add(mail);
                    await _mails.Writer.WriteAsync(mail, _end.Token);
                }
                await writer.WriteLineAsync(end);
                to = [];
            }
            if (verb == "QUIT")
                return;
        }
    }

    private async Task<Mail> ReadAsync(StreamReader reader, string from, List<string> to)
    {
        var (headers, body, inBody) = (new List<string>(), new StringBuilder(), false);
        while (await reader.ReadLineAsync(_end.Token) is { } line and not ".")
        {
            if (inBody)
                body.Append(line);
            else if (line.Length == 0)
                inBody = true;
            else if (line[0] is ' ' or '\t')
                headers[^1] += line;
            else
                headers.Add(line);
        }
        return new Mail(from, to, headers, Encoding.UTF8.GetString(Convert.FromBase64String(body.ToString())));
    }

    private static string Address(string line) => line.Split('<', '>')[1];
}

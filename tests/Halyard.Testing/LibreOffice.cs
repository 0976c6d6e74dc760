using System.Diagnostics;
using System.Xml.Linq;
using Xunit;

namespace Halyard.Testing;

/// <summary>LibreOffice without a window: what a spreadsheet really makes of a file.</summary>
public static class LibreOffice
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Opens a CSV file as a user would, who lets it guess what is a number and what a formula, and gives the cells of each row.
    /// Skips or fails the test where LibreOffice is absent.
    /// </summary>
    public static async Task<IReadOnlyList<IReadOnlyList<Cell>>> OpenCsvAsync(string path, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("halyard-office-");
        try
        {
            var start = new ProcessStartInfo("soffice")
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            string[] arguments =
            [
                $"-env:UserInstallation={new Uri(folder.FullName)}/profile",
                "--headless",
                "--convert-to",
                "fods",
                // Comma, double quote, UTF-8, from the first line.
                "--infilter=CSV:44,34,76,1",
                "--outdir",
                folder.FullName,
                path,
            ];
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument);
            using var process = Start(start);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(patience.Token),
                process.StandardError.ReadToEndAsync(patience.Token)
            );
            await process.WaitForExitAsync(patience.Token);
            await using var sheet = File.OpenRead(
                Path.Combine(folder.FullName, Path.GetFileNameWithoutExtension(path) + ".fods")
            );
            return Rows(await XDocument.LoadAsync(sheet, LoadOptions.None, cancellationToken));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            const string reason = "LibreOffice (soffice) is not installed; tests/services/libreoffice.sh installs it";
            if (Suites.IsContinuousIntegration)
                Assert.Fail($"{reason}: {missing.Message}");
            Assert.Skip(reason);
            throw;
        }
    }

    private static List<IReadOnlyList<Cell>> Rows(XDocument sheet)
    {
        XNamespace table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";
        XNamespace text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0";
        return
        [
            .. sheet
                .Descendants(table + "table-row")
                .Select(row =>
                    (IReadOnlyList<Cell>)
                        [
                            .. row.Elements(table + "table-cell")
                                .Select(cell => new Cell(
                                    string.Join('\n', cell.Elements(text + "p").Select(line => line.Value)),
                                    (string?)cell.Attribute(table + "formula")
                                )),
                        ]
                ),
        ];
    }
}

/// <summary>A cell of a spreadsheet.</summary>
/// <param name="Text">What it shows.</param>
/// <param name="Formula">What it computes, or <see langword="null"/>.</param>
public sealed record Cell(string Text, string? Formula);

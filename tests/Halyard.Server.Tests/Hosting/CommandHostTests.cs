using System.Text.Json.Nodes;

namespace Halyard.Server.Tests.Hosting;

/// <summary>Which settings the commands of operators read.</summary>
public sealed class CommandHostTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-settings-");

    private string Settings => $"appsettings.{_folder.Name}.json";

    private string BesideTheProgram => Path.Combine(AppContext.BaseDirectory, Settings);

    public static TheoryData<string> Commands =>
        ["tenant create acme", "store diff", "store vacuum", "store restored --from-backup words", "store backup copy.db"];

    public void Dispose()
    {
        File.Delete(BesideTheProgram);
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Command_InAnyWorkingDirectory_ReadsTheSettingsBesideTheProgram(string command)
    {
        await SetDatabaseAsync(BesideTheProgram, "right.db");
        await SetDatabaseAsync(Path.Combine(_folder.FullName, "appsettings.json"), "wrong.db");
        await SetDatabaseAsync(Path.Combine(_folder.FullName, Settings), "wrong.db");

        foreach (var line in new[] { "tenant create first", command })
        {
            var (exit, _, error) = await ServerProcess.RunInAsync(_folder.FullName, _folder.Name, line.Split(' '));
            exit.ShouldBe(0, error);
        }

        _folder.GetFiles("right.db").ShouldHaveSingleItem();
        _folder.GetFiles("wrong.db").ShouldBeEmpty();
    }

    private async Task SetDatabaseAsync(string file, string database)
    {
        var settings = new JsonObject
        {
            ["Halyard"] = new JsonObject { ["Database"] = Path.Combine(_folder.FullName, database) },
        };
        await File.WriteAllTextAsync(file, settings.ToJsonString(), TestContext.Current.CancellationToken);
    }
}

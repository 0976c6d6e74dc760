using System.Xml.Linq;
using Halyard.Architecture.Tests.Walking;
using Halyard.Testing;

namespace Halyard.Architecture.Tests;

/// <summary>
/// What each project may refer to, exactly: a reference that vanished fails like one that was added, so that the table stays
/// true. A driver or framework stands at the one project that needs it.
/// </summary>
public sealed class EdgeTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Halyard.Archive.S3"] = ["package AWSSDK.S3", "project Halyard.Core"],
        ["Halyard.Cli"] =
        [
            "package System.CommandLine",
            "package YamlDotNet",
            "project Halyard.Contracts",
            "project Halyard.Evaluation",
            "project Halyard.Ledger",
        ],
        ["Halyard.Contracts"] = [],
        ["Halyard.Core"] = ["package YamlDotNet", "project Halyard.Evaluation", "project Halyard.Ledger", "project Halyard.Rego"],
        ["Halyard.Evaluation"] = [],
        ["Halyard.Ledger"] = [],
        ["Halyard.Rego"] = [],
        ["Halyard.Server"] =
        [
            "package Microsoft.AspNetCore.OpenApi",
            "project Halyard.Archive.S3",
            "project Halyard.Contracts",
            "project Halyard.Core",
            "project Halyard.Evaluation",
            "project Halyard.Ledger",
            "project Halyard.Rego",
            "project Halyard.Storage.DynamoDb",
            "project Halyard.Storage.PostgreSql",
            "project Halyard.Storage.Sqlite",
            "sdk Microsoft.NET.Sdk.Web",
        ],
        ["Halyard.Storage.DynamoDb"] =
        [
            "framework Microsoft.AspNetCore.App",
            "package AWSSDK.DynamoDBv2",
            "project Halyard.Core",
        ],
        ["Halyard.Storage.PostgreSql"] = ["framework Microsoft.AspNetCore.App", "package Npgsql", "project Halyard.Core"],
        ["Halyard.Storage.Sqlite"] =
        [
            "framework Microsoft.AspNetCore.App",
            "package SQLitePCLRaw.provider.e_sqlite3",
            "project Halyard.Core",
        ],
    };

    public static TheoryData<string> Projects => [.. ProjectFile.Product.Select(project => project.Name)];

    [Fact]
    public void Table_NamesEveryProjectUnderSrc_AndNoOther() =>
        ProjectFile.Product.Select(project => project.Name).ShouldBe(Allowed.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_RefersToWhatTheTableSays_AndNothingElse(string name)
    {
        var project = ProjectFile.Product.Single(project => project.Name == name);

        project.Edges.ShouldBe(Allowed.GetValueOrDefault(name, []));
    }

    [Fact]
    public void SharedProperties_GiveProductsAnalyzersAlone()
    {
        var shared = Directory
            .EnumerateFiles(Suites.RepositoryRoot, "Directory.*.*")
            .SelectMany(path => XDocument.Load(path).Descendants())
            .Where(element =>
                element.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference" or "Reference"
            )
            .Where(element => (string?)element.Parent?.Attribute("Condition") != "'$(IsTestProject)' == 'true'")
            .ToList();

        shared.ShouldNotBeEmpty();
        shared.ShouldAllBe(element => (string?)element.Attribute("PrivateAssets") == "all");
        Directory
            .EnumerateFiles(Path.Combine(Suites.RepositoryRoot, "src"), "Directory.*", SearchOption.AllDirectories)
            .ShouldBeEmpty("properties below src would add references that no project shows");
    }

    [Theory]
    [InlineData("Halyard.Storage.Sqlite", "SQLitePCL", "Microsoft.Data")]
    [InlineData("Halyard.Storage.PostgreSql", "Npgsql", "NpgsqlTypes")]
    [InlineData("Halyard.Archive.S3", "Amazon.S3")]
    [InlineData("Halyard.Storage.DynamoDb", "Amazon.DynamoDBv2")]
    public void Driver_IsUsedByItsAdapterAlone(string adapter, params string[] drivers)
    {
        var rule = new Rule("driver", type => type.Assembly != adapter, use => drivers.Any(use.IsOf));

        rule.Violations(Assemblies.ProductTypes).ShouldBeEmpty();
        Assemblies
            .ProductTypes.Any(type => type.Assembly == adapter && type.Uses.Any(rule.Forbids))
            .ShouldBeTrue("the adapter is seen to use its driver");
    }

    [Fact]
    public void WhatDriversOfOneVendorShare_IsUsedByTheirAdaptersAlone()
    {
        var rule = new Rule(
            "driver",
            type => type.Assembly is not ("Halyard.Archive.S3" or "Halyard.Storage.DynamoDb"),
            use => use.IsOf("Amazon") || use.IsOf("AWSSDK")
        );

        rule.Violations(Assemblies.ProductTypes).ShouldBeEmpty();
    }
}

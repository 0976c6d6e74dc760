using Halyard.Rego.Tests.Conformance;
using Halyard.Testing;

namespace Halyard.Rego.Tests;

/// <summary>Texts from strangers, as modules and as queries: each gives a policy or problems, never an exception.</summary>
public sealed class HostileTextTests
{
    private const int Mutations = 6_000;

    private static readonly string[] Splinters =
    [
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "|",
        ":=",
        "=",
        " if ",
        " some ",
        " in ",
        " with ",
        " as ",
        " not ",
        " every ",
        "else",
        "default ",
        "\"",
        "`",
        "$\"{",
        "\\",
        "\n",
        "#",
        ".",
        ",",
        ";",
        ":",
        "_",
        "x",
        "data.",
        "input",
        "1e9",
        "-",
        "contains ",
        "\0",
        "\uD800",
        "é",
    ];

    [Fact]
    public void Module_WithRandomChanges_CompilesOrHasProblems_AndItsEvaluationAnswers()
    {
        var modules = ConformanceCase
            .ReadAll(Suites.Require("rego/v1"))
            .SelectMany(one => one.Modules)
            .Select(module => module.Text)
            .Distinct()
            .ToList();
#pragma warning disable RS0030, CA5394 // Chance with a seed repeats a run.
        var chance = new Random(20_260_301);
        for (var i = 0; i < Mutations; i++)
        {
            var text = Mutate(modules[chance.Next(modules.Count)], chance);
            var compiled = RegoCompiler.Compile([new RegoSource("hostile.rego", text)]);
            (compiled.Policy is null).ShouldBe(compiled.Problems.Count > 0, text);
            _ = (compiled.Policy?.Ask("data", budget: new RegoBudget(20_000, 1 << 20)));
        }
    }

    private static string Mutate(string text, Random chance)
    {
        for (var changes = chance.Next(1, 4); changes > 0; changes--)
        {
            var at = chance.Next(text.Length + 1);
            var end = Math.Min(text.Length, at + chance.Next(12));
            text = chance.Next(4) switch
            {
                0 => text[..at] + text[end..],
                1 => text[..end] + text[at..],
                2 => text[..at] + Splinters[chance.Next(Splinters.Length)] + text[at..],
                _ => text[..at] + Splinters[chance.Next(Splinters.Length)] + text[end..],
            };
        }
        return text;
    }
#pragma warning restore RS0030, CA5394

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("(")]
    [InlineData("{1: ")]
    [InlineData("[x | ")]
    [InlineData("not ")]
    [InlineData("f(")]
    [InlineData("a[")]
    [InlineData("1 + ")]
    [InlineData("a.b.")]
    [InlineData("-")]
    [InlineData("$\"{")]
    [InlineData("every x in y { ")]
    [InlineData("x with input as ")]
    [InlineData("{a | b, ")]
    [InlineData("[{1} | {2}, ")]
    public void Text_ThatRepeatsOneThing_HasProblems_OnASmallStack(string part)
    {
        var texts = new[] { 100, 1_000, 30_000 }.SelectMany(count =>
        {
            var repeated = string.Concat(Enumerable.Repeat(part, count));
            return new[] { $"package a\n\np := {repeated}", $"package a\n\np if {{ {repeated}", $"package a\n\n{repeated} := 1" };
        });
        Exception? failure = null;

        var thread = new Thread(
            () =>
                failure = Record.Exception(() =>
                {
                    foreach (var text in texts)
                        Policies.ProblemsOf(text).ShouldNotBeEmpty();
                }),
            maxStackSize: 512 << 10
        );
        thread.Start();
        thread.Join();

        failure.ShouldBeNull();
    }

    [Fact]
    public void Expression_AsLongAsIsAllowed_Compiles_OnASmallStack()
    {
        var sum = string.Join(" + ", Enumerable.Repeat("input", 250));
        RegoAnswer? answer = null;

        var thread = new Thread(
            () => answer = Policies.Compile($"package a\n\np := {sum}\n").Ask("data.a.p", "1"),
            maxStackSize: 1 << 20
        );
        thread.Start();
        thread.Join();

        answer.ShouldBeOfType<RegoAnswer.Defined>().Value.ShouldBe(RegoValue.Of(250));
    }
}

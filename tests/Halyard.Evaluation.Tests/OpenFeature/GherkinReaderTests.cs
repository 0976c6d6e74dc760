namespace Halyard.Evaluation.Tests.OpenFeature;

public sealed class GherkinReaderTests
{
    [Fact]
    public void Scenario_BeginsWithTheBackgroundsSteps()
    {
        var cases = GherkinReader.Read(
            """
            @all
            Feature: Flags
              Background:
                Given a provider

              # a comment
              @tag @other
              Scenario: One
                When asked
                And asked again
              Scenario: Two
                Then answered
            """
        );
        cases.Select(each => each.Name).ShouldBe(["One", "Two"]);
        cases[0].Steps.Select(step => step.Text).ShouldBe(["a provider", "asked", "asked again"]);
        cases[1].Steps.Select(step => step.Text).ShouldBe(["a provider", "answered"]);
    }

    [Fact]
    public void Outline_IsOneCaseForEachRowOfEachTable()
    {
        var cases = GherkinReader.Read(
            """
            Scenario Outline: Many
              Given <key> and "<value>" and <else>
              @first
              Examples: Named
                | key | value |
                | a   |       |

                | b   | 2     |
              @second @third
              Examples:
                | value | key |
                | <key> | a   |
            """
        );
        cases.Select(each => each.Name).ShouldBe(["Many (a, ) @first", "Many (b, 2) @first", "Many (<key>, a) @second @third"]);
        cases
            .Select(each => each.Steps.Single().Text)
            .ShouldBe(["a and \"\" and <else>", "b and \"2\" and <else>", "a and \"a\" and <else>"]);
        cases.ShouldAllBe(each => each.Scenario == "Many");
    }

    [Fact]
    public void Cells_KnowTheEscapesOfGherkinAndLeaveThoseOfStrings()
    {
        var step = GherkinReader
            .Read(
                """
                Scenario: Tables
                  Then these
                    | a \| b | \\ | \n | {\"a\": 1} |
                    || ü |
                """
            )
            .Single()
            .Steps.Single();
        step.Table[0].ShouldBe(["a | b", "\\", "", "{\\\"a\\\": 1}"]);
        step.Table[1].ShouldBe(["", "ü"]);
    }

    [Fact]
    public void Placeholders_AreFilledInAStepsTableToo()
    {
        var step = GherkinReader
            .Read("Scenario Outline: T\n Then these\n  | <a> | x |\n Examples:\n  | a |\n  | 1 |\n")
            .Single()
            .Steps.Single();
        step.Table.Single().ShouldBe(["1", "x"]);
    }

    [Theory]
    [InlineData("Given a step before any scenario", "line 1")]
    [InlineData("Scenario: A\nmerely words", "line 2")]
    [InlineData("Scenario: A\n| a | b |", "line 2")]
    [InlineData("Scenario: A\nGiven a\n| not closed", "line 3")]
    [InlineData("Scenario: A\nGiven a\n|", "line 3")]
    [InlineData("Scenario: A\nExamples:\n| a |\n| 1 |", "line 2")]
    [InlineData("Scenario Outline: A\nExamples:\n| a | b |\n| 1 |", "line 4")]
    [InlineData("Scenario Outline: A\nExamples:\n| a |\n| 1 |\nGiven a step after the examples", "line 5")]
    [InlineData("Scenario Outline: A\nGiven a", "'A' has no examples")]
    [InlineData("Scenario Outline: A\nGiven a\nExamples:\n| a |", "'A' has no examples")]
    public void Reading_WhatItDoesNotKnow_IsRefused(string text, string message) =>
        Should.Throw<FormatException>(() => GherkinReader.Read(text)).Message.ShouldStartWith(message);
}

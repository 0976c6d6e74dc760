namespace Halyard.Cli.Importing.Logic;

/// <summary>A construct inside one configuration of a flag that has no exact equivalent.</summary>
/// <param name="Pointer">Where in the source.</param>
/// <param name="What">What, in words for people.</param>
internal sealed record Gap(string Pointer, string What);

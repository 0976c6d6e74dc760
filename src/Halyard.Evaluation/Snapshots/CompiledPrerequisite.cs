namespace Halyard.Evaluation;

/// <summary>Another flag that must serve one of some variants.</summary>
internal sealed class CompiledPrerequisite(CompiledFlag flag, bool[] accepted)
{
    public CompiledFlag Flag { get; } = flag;

    public IEnumerable<string> AcceptedKeys => Flag.Variants.Where(Accepts).Select(variant => variant.Key);

    public bool Accepts(CompiledVariant? variant) => variant is not null && accepted[variant.Index];
}

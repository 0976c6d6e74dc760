using System.Buffers;
using System.Text.Json;
using Halyard.Ledger;
using Halyard.Rego;

namespace Halyard.Core.Access.Deciding;

/// <summary>A compiled policy. Immutable; any number of questions may be asked at once.</summary>
public sealed class PolicyProgram
{
    /// <summary>What a policy is asked for.</summary>
    public const string EntryPoint = "data.halyard.authz";

    // No answer that can be understood comes near; JSON is not read deeper.
    private const int MaxDepth = 60;

    // A decision of the policy that ships takes a few hundred steps; one that needs so many more is broken or hostile.
    private static readonly RegoBudget Budget = new(Steps: 1_000_000, Bytes: 16 << 20);

    // A question of the usual form, by somebody who has no role.
    private static readonly RegoValue Probe = RegoValue.Parse(
        """
        {"action":"flag.read","actor":{"auth":"token","kind":"user","roles":[],"sid":"s_probe"},"allow":{"flag.read":[]},"deny":{"flag.read":[]},
        "checks":[{"actions":["flag.read"],"resource":{"environment":"","environmentType":"none","key":"","kind":"flag","project":"p","tags":[]}}],
        "project":"p","tenant":"t","time":0}
        """u8
    );

    private readonly PreparedQuery? _query;

    private PolicyProgram(string name, PreparedQuery? query)
    {
        Name = name;
        _query = query;
    }

    /// <summary>Its name and the beginning of its digest, as the log has it: <c>halyard@3f9a2c1b04d7</c>.</summary>
    public string Name { get; }

    /// <summary>The policy that ships with the server.</summary>
    public static PolicyProgram Shipped { get; } = Compile([.. AuthorizationPolicy.Shipped], "halyard").Value;

    /// <summary>Compiles a policy, or says all that is wrong with it, each with its place.</summary>
    public static Result<PolicyProgram> Compile(IReadOnlyList<PolicyModule> modules, string name)
    {
        var compiled = RegoCompiler.Compile([.. modules.Select(module => new RegoSource(module.Name, module.Text))]);
        if (compiled.Policy is not { } policy)
            return new Error.Invalid([.. compiled.Problems.Select(problem => Problem(modules, problem))]);
        var prepared = policy.Prepare(EntryPoint);
        if (prepared.Query is not { } query)
            return new Error.Invalid([.. prepared.Problems.Select(problem => Problem(modules, problem))]);
        var program = new PolicyProgram($"{name}@{DigestOf(modules)}", query);
        // A policy without the entry point answers nothing to anything, and one that fails at once would fail always.
        return program.Evaluate(Probe, DateTimeOffset.UnixEpoch) switch
        {
            RegoAnswer.Defined => program,
            RegoAnswer.Failed broken => Error.Invalid.At("/modules", $"fail when they are asked: {broken.Message}"),
            _ => Error.Invalid.At("/modules", $"give {EntryPoint} no value when a question is asked"),
        };
    }

    /// <summary>
    /// The same for a policy that was compiled before it was stored: should this version of the server not understand it any more, it
    /// answers no to everything, and never another policy in its place.
    /// </summary>
    public static PolicyProgram CompileOrDeny(IReadOnlyList<PolicyModule> modules, string name) =>
        Compile(modules, name).TryGet(out var program, out _) ? program : new PolicyProgram($"{name}@broken", null);

    /// <summary>The answer to a question; a policy that fails, takes too long or says nothing answers no.</summary>
    public AccessPlan Ask(RegoValue question, string state, DateTimeOffset now)
    {
        var policy = $"{Name} {state}";
        if (_query is null)
            return AccessPlan.Never("the stored policy cannot be compiled by this version of the server", policy);
        return Evaluate(question, now) switch
        {
            RegoAnswer.Defined answer => Read(answer.Value, policy),
            RegoAnswer.Failed broken => AccessPlan.Never($"the policy fails: {broken.Message}", policy),
            _ => AccessPlan.Never("the policy gives no answer", policy),
        };
    }

    private RegoAnswer Evaluate(RegoValue question, DateTimeOffset now) =>
        _query!.Evaluate(question, RegoObject.Empty, Budget, now);

    private static AccessPlan Read(RegoValue value, string policy)
    {
        if (value.Depth > MaxDepth)
            return AccessPlan.Never($"the policy's answer cannot be understood: it nests deeper than {MaxDepth} levels", policy);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
            value.WriteTo(writer);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return AnswerReader.Read(document.RootElement, policy);
    }

    private static FieldProblem Problem(IReadOnlyList<PolicyModule> modules, RegoProblem problem)
    {
        var index = modules.ToList().FindIndex(module => module.Name == problem.File);
        var pointer = index < 0 ? "/modules" : $"/modules/{index}/text";
        return new FieldProblem(pointer, $"line {problem.Row}, column {problem.Column}: {problem.Message} ({problem.Code})");
    }

    private static string DigestOf(IReadOnlyList<PolicyModule> modules)
    {
        var writer = new CanonicalWriter(4096).StartObject();
        foreach (var module in modules.OrderBy(module => module.Name, StringComparer.Ordinal))
            writer.Name(module.Name).String(module.Text);
        return Digest.Of(writer.EndObject().ToArray()).ToString()["sha256:".Length..][..12];
    }
}

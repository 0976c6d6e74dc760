using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Audit;

/// <summary>One entry of which every byte is fixed: the example of the format.</summary>
internal static class Entries
{
    public static readonly DateTimeOffset Time = new(2026, 3, 2, 10, 11, 12, 123, 456, TimeSpan.Zero);

    public static EntryContent Example(Entropy entropy)
    {
        var before = Flag(false);
        var after = Flag(true);
        var (sealedBefore, first) = PersonalValues.Seal(before, before.ToDocument(), null, entropy);
        var (sealedAfter, _) = PersonalValues.Seal(after, after.ToDocument(), (before.ToDocument(), sealedBefore!), entropy);
        var touched = new TouchedResource(after.Name, after.Id, 41, 42, Digest.Of(sealedAfter!));
        return new EntryContent
        {
            Id = "01HZXW0000000000000000000A",
            Time = Time,
            Type = "flag.updated",
            Actor = new Actor("acme", "s_9f3c", ActorKind.User, "token", [BuiltInRoles.Admin], "tok_7", "s_boss"),
            Request = new RequestContext("req-1", "session-1", "192.0.2.7", "curl/8", "4bf92f3577b34da6a3ce929d0e0e4736"),
            Project = "web",
            Environments = ["production"],
            Changes = Differ.Compare(before, after),
            Resources =
            [
                new ResourceChange(
                    touched,
                    Digest.Of(sealedBefore!),
                    JsonPatch.Diff(sealedBefore, sealedAfter),
                    sealedAfter,
                    first
                ),
            ],
            Reason = "launch – with “quotes”, \u2028 and \ud83d\ude00",
            Ticket = "FEAT-123",
            Incident = "INC-7",
            IdempotencyKey = "idem-1",
            Decision = new Decision.Allow("built-in@1", "role ADMIN may do everything"),
            DecisionInput = Blob.Of("{}"u8.ToArray()),
        };
    }

    public static (SealedEntry Entry, LogHead Head) Sealed(EntryContent content, Entropy entropy, LogHead? head = null) =>
        Seal.Append(EntryBuilder.Build(content, entropy).Draft, head ?? LogHead.Genesis("acme", "flags.example.com/acme/admin"));

    private static Flag Flag(bool enabled) =>
        new(
            "f_77",
            "web",
            new FlagDefinition(
                "new_pricing",
                FlagType.Boolean,
                FlagStatus.Active,
                [new Variant("on", FlagValue.Of(true)), new Variant("off", FlagValue.Of(false))]
            ),
            "New pricing",
            "",
            FlagKind.Release,
            "team-web",
            ["checkout"],
            false,
            new FlagDefaults("on", "off"),
            1,
            Halyard.Core.Flags.Flag.NoEnvironments.Add(
                "production",
                new FlagConfiguration(
                    "e_1",
                    enabled ? 42 : 41,
                    new FlagEnvironment(
                        enabled,
                        "off",
                        [],
                        [new Override("o1", null, FlagValue.Of("alice@example.com"), "on")],
                        [],
                        enabled ? Serve.Split(new Rollout([new("on", 25), new("off", 75)])) : Serve.One("off")
                    )
                )
            )
        );
}

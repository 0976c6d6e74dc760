using FsCheck.Fluent;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Approvals.Bypasses;

/// <summary>What may stand for good, and how the rest is undone.</summary>
public sealed class EmergencyEffectTests
{
    private static readonly FlagEnvironment On = new(true, "off", [], [], [], Serve.One("on"), "safe");
    private static readonly FlagEnvironment Risky = On with { Fallthrough = Serve.One("new") };

    [Fact]
    public void SwitchingOff_AndNothingElse_MayStand()
    {
        EmergencyEffect.Of(On, On with { Enabled = false }, null, "safe").ShouldBe(BypassKind.Off);
        EmergencyEffect.Of(On, On with { Enabled = false, OffVariant = "x" }, null, "safe").ShouldBe(BypassKind.Temporary);
        EmergencyEffect.Of(On with { Enabled = false }, On, null, "safe").ShouldBe(BypassKind.Temporary);
    }

    [Fact]
    public void Fallback_ThatWasDeclaredBefore_MayStand()
    {
        var served = On with { Enabled = false, OffVariant = "safe" };

        EmergencyEffect.Of(On, served, null, "safe").ShouldBe(BypassKind.Fallback);
        EmergencyEffect.Of(On, served, null, null).ShouldBe(BypassKind.Temporary);
        EmergencyEffect.Of(On, served with { OffVariant = "other" }, null, "safe").ShouldBe(BypassKind.Temporary);
    }

    [Fact]
    public void LastKnownGood_MayStand_AnythingOlderNot()
    {
        EmergencyEffect.Of(Risky, On, On, "safe").ShouldBe(BypassKind.LastKnownGood);
        EmergencyEffect.Of(Risky, On with { Fallthrough = Serve.One("older") }, On, "safe").ShouldBe(BypassKind.Temporary);
    }

    [Fact]
    public void DeclaringTheFallback_IsNoMatterOfAnEmergency()
    {
        EmergencyEffect.Refusal(BypassKind.Temporary, On, On with { FallbackVariant = "evil" }).ShouldNotBeNull();
        EmergencyEffect.Refusal(BypassKind.Temporary, On, Risky).ShouldBeNull();
    }

    [Fact]
    public void Undoing_ReturnsToWhatWasThere()
    {
        Restoration.Of(On, Risky, Risky).ShouldBe(new Restoration.Due(On, StaysOff: false));
        Restoration.Of(On, Risky, On).ShouldBe(new Restoration.Settled());
    }

    [Fact]
    public void Undoing_WhatOthersChangedMeanwhile_IsBlocked() =>
        Restoration.Of(On, Risky, Risky with { Fallthrough = Serve.One("approved") }).ShouldBe(new Restoration.Blocked());

    [Fact]
    public void Undoing_WhatItSwitchedOn_IsSwitchedOff_AndWhatOthersChangedStays()
    {
        var off = On with { Enabled = false };
        var edited = On with { Fallthrough = Serve.One("safer") };

        Restoration.Of(off, On, edited).ShouldBe(new Restoration.Partly(edited with { Enabled = false }, IsAll: true));
        Restoration
            .Of(off, Risky, edited)
            .ShouldBe(new Restoration.Partly(edited with { Enabled = false }, IsAll: false), "what else it did may be left");
        Restoration.Of(off, On, edited with { Enabled = false }).ShouldBe(new Restoration.Settled());
        Restoration.Of(off, Risky, edited with { Enabled = false }).ShouldBe(new Restoration.Blocked());
    }

    [Fact]
    public void Undoing_WhatItServesThoseForWhomTheFlagIsOff_LeavesWhatOthersChanged()
    {
        var made = On with { OffVariant = "evil" };
        var edited = made with { Fallthrough = Serve.One("safer") };

        Restoration.Of(On, made, edited).ShouldBe(new Restoration.Partly(edited with { OffVariant = "off" }, IsAll: true));
    }

    [Fact]
    public void Undoing_BesideWhatOthersChanged_NeverSwitchesOn()
    {
        var made = On with { Enabled = false, OffVariant = "off2" };
        var edited = made with { OffVariant = "off3" };

        Restoration.Of(On, made, edited).ShouldBe(new Restoration.Blocked());
    }

    [Fact]
    public void Undoing_NeverSwitchesOnWhatWasSwitchedOffSince()
    {
        var killed = Risky with { Enabled = false };
        Restoration.Of(On, Risky, killed).ShouldBe(new Restoration.Due(On with { Enabled = false }, StaysOff: true));

        var safe = Risky with { Enabled = false, OffVariant = "safe" };
        Restoration
            .Of(On, Risky, safe)
            .ShouldBe(new Restoration.Due(On with { Enabled = false, OffVariant = "safe" }, StaysOff: true));
    }

    [Fact]
    public void Undoing_OfAnything_LeavesNothingOfIt() =>
        Property.Holds(
            from restored in Settings
            from made in Settings
            from now in Settings
            select (restored, made, now),
            item =>
            {
                switch (Restoration.Of(item.restored, item.made, item.now))
                {
                    case Restoration.Settled:
                        (
                            item.now == item.restored
                            || !item.now.Enabled
                            // Others changed again all that it had changed.
                            || (
                                item.made.Fallthrough == item.restored.Fallthrough
                                && (
                                    item.made.OffVariant == item.restored.OffVariant
                                    || item.now.OffVariant != item.made.OffVariant
                                )
                                && (item.restored.Enabled || !item.made.Enabled)
                            )
                        ).ShouldBeTrue();
                        break;
                    case Restoration.Due due:
                        due.Target.Fallthrough.ShouldBe(item.restored.Fallthrough);
                        (due.Target.Enabled && !item.now.Enabled).ShouldBe(
                            !item.made.Enabled && item.restored.Enabled && !item.now.Enabled
                        );
                        break;
                    case Restoration.Partly partly:
                        partly.Target.ShouldNotBe(item.now);
                        (partly.Target.Enabled && !item.now.Enabled).ShouldBeFalse();
                        partly.Target.Fallthrough.ShouldBe(item.now.Fallthrough);
                        break;
                    default:
                        (
                            item.now.Fallthrough == item.made.Fallthrough
                            && item.now.OffVariant == item.made.OffVariant
                            && item.now.Enabled == item.made.Enabled
                        ).ShouldBeFalse();
                        break;
                }
            },
            tests: 1_000
        );

    private static FsCheck.Gen<FlagEnvironment> Settings =>
        from enabled in Gen.Elements(true, false)
        from off in Gen.Elements("off", "safe")
        from serve in Gen.Elements("on", "new")
        select new FlagEnvironment(enabled, off, [], [], [], Serve.One(serve));
}

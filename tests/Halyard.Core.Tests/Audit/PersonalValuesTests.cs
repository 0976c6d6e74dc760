using System.Text;
using FsCheck.Fluent;
using Halyard.Core.Access;
using Halyard.Core.Access.Services;
using Halyard.Core.Audit;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Flags;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Audit;

public sealed class PersonalValuesTests
{
    [Fact]
    public void Erasure_LooksAtEveryKindThatMayHoldPersonalValues() =>
        ErasureGround.Visited.ShouldBe(PersonalValues.Kinds, ignoreOrder: true);

    [Fact]
    public void Seal_AnyFlagOrSegment_HidesEverySecretAndRevealsToTheSame() =>
        Property.Holds(
            Gen.OneOf(
                Generate.Flag.Select(flag => (Resource)flag),
                Generate.SensitiveFlag.Select(flag => (Resource)flag),
                Generate.Segment.Select(segment => (Resource)segment)
            ),
            resource =>
            {
                var document = resource.ToDocument();
                var (sealedDocument, fresh) = PersonalValues.Seal(resource, document, null, new SeededEntropy());

                Text(sealedDocument ?? document).ShouldNotContain(Generate.Secret);
                if (sealedDocument is null)
                    return;
                PersonalValues
                    .Reveal(sealedDocument, fresh.ToDictionary(value => value.Commitment, value => value.Value))
                    .ShouldBe(document);
                CanonicalJson.Canonicalize(sealedDocument).ShouldBe(sealedDocument);
                fresh.ShouldAllBe(value => Verifies(value));
                PersonalValues
                    .CommitmentsIn(sealedDocument)
                    .Distinct()
                    .ShouldBe(fresh.Select(value => value.Commitment), ignoreOrder: true);
            }
        );

    [Fact]
    public void Seal_NextRevision_KeepsTheCommitmentsOfWhatStayed() =>
        Property.Holds(
            Generate.Flag.Two(),
            pair =>
            {
                var entropy = new SeededEntropy();
                var before = pair.Item1.ToDocument();
                var (sealedBefore, first) = PersonalValues.Seal(pair.Item1, before, null, entropy);
                if (sealedBefore is null)
                    return;
                // The same environment stays in dev; prod is replaced by another's.
                var after = pair.Item1 with
                {
                    Environments = pair.Item1.Environments.SetItem("prod", pair.Item2.Environments["prod"]),
                };

                var (sealedAfter, fresh) = PersonalValues.Seal(after, after.ToDocument(), (before, sealedBefore), entropy);

                var known = first.ToDictionary(value => (value.Pointer, value.Value), value => value.Commitment);
                fresh.Where(value => known.ContainsKey((value.Pointer, value.Value))).ShouldBeEmpty();
                Text(sealedAfter ?? after.ToDocument()).ShouldNotContain(Generate.Secret);
                PersonalValues.Seal(pair.Item1, before, (before, sealedBefore), entropy).Sealed.ShouldBe(sealedBefore);
            }
        );

    [Fact]
    public void Seal_TwoResourcesWithTheSameValue_DoNotShareACommitment()
    {
        var entropy = new SeededEntropy();
        var segment = new Segment("s", "web", new SegmentDefinition("s", ["alice"], [], []), "", "");

        var first = PersonalValues.Seal(segment, segment.ToDocument(), null, entropy);
        var second = PersonalValues.Seal(segment, segment.ToDocument(), null, entropy);

        first.Fresh[0].Commitment.ShouldNotBe(second.Fresh[0].Commitment);
        first.Fresh[0].Key.ShouldNotBe(second.Fresh[0].Key);
    }

    [Fact]
    public void Seal_NothingPersonal_IsNull()
    {
        var flag = Flag("""{"a":1}""");

        PersonalValues.Seal(flag, flag.ToDocument(), null, new SeededEntropy()).Sealed.ShouldBeNull();
    }

    [Fact]
    public void Seal_TokenAndSdkKey_HideTheirNamesAlone()
    {
        Resource[] credentials =
        [
            new Token("tok", "Alice's laptop", ["ADMIN"], "s_1", Digest.Of("x"u8)),
            new SdkKey("key", "Alice's laptop", "web", "dev", "e", Digest.Of("x"u8)),
        ];
        foreach (var credential in credentials)
        {
            var sealedDocument = PersonalValues.Seal(credential, credential.ToDocument(), null, new SeededEntropy()).Sealed!;

            Text(sealedDocument).ShouldNotContain("Alice");
            PersonalValues.CommitmentsIn(sealedDocument).Count.ShouldBe(1);
        }
    }

    [Fact]
    public void Seal_ServiceAccount_HidesWhatPeopleCallIt()
    {
        var account = new ServiceAccount("m_1", "Alice's bot", "does what Alice did", "u_1", Enabled: true);

        var sealedDocument = PersonalValues.Seal(account, account.ToDocument(), null, new SeededEntropy()).Sealed!;

        Text(sealedDocument).ShouldNotContain("Alice");
        PersonalValues.CommitmentsIn(sealedDocument).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("email", true)]
    [InlineData("EMAIL", true)]
    [InlineData("contact.Email", true)]
    [InlineData("user.plan", true)]
    [InlineData("targetingKey", true)]
    [InlineData("plan", false)]
    [InlineData("emailDomain", false)]
    [InlineData("users.plan", false)]
    [InlineData("", false)]
    public void IsPersonal_Attribute_IsDecidedByItsLastSegment(string attribute, bool personal) =>
        PersonalValues.IsPersonal(attribute).ShouldBe(personal);

    [Theory]
    [InlineData("""{"attribute":5,"values":["x"]}""")]
    [InlineData("""{"attribute":"email","values":["x"]}""")]
    [InlineData("""{"$c":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"deep":[{"$c":"x"},{"$c":5},{"$c":"x","more":1}],"$blob":"sha256:00"}""")]
    public void Seal_VariantValueThatLooksLikeOneOfOurForms_RevealsToTheSame(string value)
    {
        var flag = Flag(value) with
        {
            Environments = Halyard.Core.Flags.Flag.NoEnvironments.Add(
                "dev",
                new("e", 1, new(true, "v", [], [new("o", null, FlagValue.Of("alice"), "v")], [], Serve.One("v")))
            ),
        };
        var document = flag.ToDocument();

        var (sealedDocument, fresh) = PersonalValues.Seal(flag, document, null, new SeededEntropy());

        Text(sealedDocument!).ShouldNotContain("alice");
        PersonalValues
            .Reveal(sealedDocument!, fresh.ToDictionary(item => item.Commitment, item => item.Value))
            .ShouldBe(document);
        PersonalValues.Seal(flag, document, (document, sealedDocument!), new SeededEntropy(2)).Sealed.ShouldBe(sealedDocument);
    }

    [Fact]
    public void Reveal_VariantThatQuotesAnothersCommitment_GetsNothingOfIt()
    {
        var commitment = Commitment.Compute(new byte[32], "/x", "\"alice\""u8);
        var flag = Flag($$"""{"$c":"{{commitment}}"}""");
        var (sealedDocument, fresh) = PersonalValues.Seal(flag, flag.ToDocument(), null, new SeededEntropy());
        var values = fresh.ToDictionary(item => item.Commitment, item => item.Value);
        values[commitment] = "\"alice\"";

        Text(PersonalValues.Reveal(sealedDocument!, values)).ShouldNotContain("alice");
    }

    [Fact]
    public void Reveal_ErasedValue_StaysACommitment()
    {
        var segment = new Segment("s", "web", new SegmentDefinition("s", ["alice", "bob"], [], []), "", "");
        var (sealedDocument, fresh) = PersonalValues.Seal(segment, segment.ToDocument(), null, new SeededEntropy());

        var text = Text(
            PersonalValues.Reveal(sealedDocument!, new Dictionary<string, string> { [fresh[1].Commitment] = fresh[1].Value })
        );

        text.ShouldNotContain("alice");
        text.ShouldContain("bob");
        text.ShouldContain(fresh[0].Commitment);
    }

    private static Flag Flag(string value) =>
        new(
            "f",
            "web",
            new FlagDefinition("f", FlagType.Json, FlagStatus.Active, [new Variant("v", new FlagValue(value))]),
            "",
            "",
            FlagKind.Release,
            "",
            [],
            false,
            new FlagDefaults("v", "v"),
            1,
            Halyard.Core.Flags.Flag.NoEnvironments
        );

    private static bool Verifies(PrivateValue value) =>
        Commitment.Verify(value.Commitment, value.Key, value.Pointer, Encoding.UTF8.GetBytes(value.Value));

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}

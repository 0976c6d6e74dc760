using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Tests.Fixtures;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Privacy;

public sealed class ValueCipherTests
{
    private static readonly byte[] DataKey = new SeededEntropy(7).Bytes(ValueCipher.KeyLength);

    [Fact]
    public void Open_WhatWasSealed_GivesTheSameValue_NaughtyOnesToo()
    {
        using var cipher = new ValueCipher(DataKey);
        foreach (var text in Naughty.All())
        {
            var value = Value(Encoding.UTF8.GetString(CanonicalJson.FormatString(text)));

            var opened = cipher.Open("acme", Sealed(value, cipher.Seal("acme", value, new SeededEntropy())));

            opened.Value.ShouldBe(value.Value);
            opened.Key.ShouldBe(value.Key);
            opened.Pointer.ShouldBe(value.Pointer);
        }
    }

    [Fact]
    public void Seal_TheSameValueTwice_GivesOtherBytesWithoutTheValueInThem()
    {
        using var cipher = new ValueCipher(DataKey);
        var entropy = new SeededEntropy();
        var value = Value("\"ann@example.com\"");

        var (first, second) = (cipher.Seal("acme", value, entropy), cipher.Seal("acme", value, entropy));

        first.ShouldNotBe(second);
        Encoding.Latin1.GetString(first).ShouldNotContain("ann@");
    }

    [Fact]
    public void Open_AnyByteFlippedOrCutOff_IsDamage()
    {
        using var cipher = new ValueCipher(DataKey);
        var value = Value("\"x\"");
        var bytes = cipher.Seal("acme", value, new SeededEntropy());
        for (var i = 0; i < bytes.Length; i++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[i] ^= 1;
            Should.Throw<InvalidDataException>(() => cipher.Open("acme", Sealed(value, flipped)), $"byte {i}");
            Should.Throw<InvalidDataException>(() => cipher.Open("acme", Sealed(value, bytes[..i])), $"{i} bytes");
        }
    }

    [Fact]
    public void Open_AtAnotherPlaceOrUnderAnotherKey_IsDamage()
    {
        using var cipher = new ValueCipher(DataKey);
        using var other = new ValueCipher(new SeededEntropy(8).Bytes(ValueCipher.KeyLength));
        var (value, elsewhere) = (Value("\"x\""), Value("\"y\""));
        var bytes = cipher.Seal("acme", value, new SeededEntropy());

        Should.Throw<InvalidDataException>(() => cipher.Open("other", Sealed(value, bytes)));
        Should.Throw<InvalidDataException>(() => cipher.Open("acme", Sealed(elsewhere, bytes)));
        Should.Throw<InvalidDataException>(() => cipher.Open("acme", Sealed(value, bytes) with { Pointer = "/req/ip" }));
        Should.Throw<InvalidDataException>(() => other.Open("acme", Sealed(value, bytes)));
    }

    [Fact]
    public void Pseudonym_DependsOnKeyTenantAndValue_AndNumbersAreFoundAsNumbers()
    {
        var (one, two) = (new SeededEntropy(1).Bytes(32), new SeededEntropy(2).Bytes(32));
        string[] all =
        [
            PersonNames.PseudonymOf(one, "acme", "\"ann\""),
            PersonNames.PseudonymOf(two, "acme", "\"ann\""),
            PersonNames.PseudonymOf(one, "other", "\"ann\""),
            PersonNames.PseudonymOf(one, "acme", "\"Ann\""),
        ];

        all.ShouldBeUnique();
        PersonNames.ValuesOf("ann").ShouldBe(["\"ann\""]);
        PersonNames.ValuesOf("4711").ShouldBe(["\"4711\"", "4711"]);
        PersonNames.ValuesOf("1e2").ShouldBe(["\"1e2\"", "100"]);
        PersonNames.ValuesOf("NaN").ShouldBe(["\"NaN\""]);
    }

    private static PrivateValue Value(string json)
    {
        var key = new SeededEntropy(3).Bytes(Commitment.KeyLength);
        var commitment = Commitment.Compute(key, "/why/reason", Encoding.UTF8.GetBytes(json));
        return new PrivateValue("/why/reason", commitment, key, json, "s_1", InDocument: false);
    }

    private static SealedValue Sealed(PrivateValue value, byte[] bytes) =>
        new(value.Pointer, value.Commitment, bytes, "s_1", InDocument: false);
}

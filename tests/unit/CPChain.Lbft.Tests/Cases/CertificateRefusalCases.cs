using System.Numerics;
using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Tests.Formats;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>Test 10, first half: what is no certificate of V(h), whoever shows it (L4.3, L23).</summary>
public sealed class CertificateRefusalCases
{
    private static readonly BigInteger Order = BigInteger.Parse(
        "115792089237316195423570985008687907852837564279074904382605163141518161494337", null);

    private readonly Keys _keys = new(4);

    [Theory]
    [InlineData("2f signers")]
    [InlineData("duplicated signer")]
    [InlineData("high s")]
    [InlineData("wrong set")]
    [InlineData("another height")]
    [InlineData("another class")]
    [InlineData("I_h with a certificate of round 0")]
    [InlineData("one signature of nobody")]
    public void Case_Test_10_a_header_without_2f_plus_1_distinct_valid_signatures_of_its_set_is_refused(string what)
    {
        Certificate good = _keys.Certify(VoteClass.Commit, 5, 0, Fixture.Hash("b"));
        Assert.True(IsAccepted(CertificateCodec.Encode(good), _keys.Committee));

        ReadOnlySpan<Signature> signed = good.Signatures.Span;
        Committee committee = _keys.Committee;
        byte[] shown = what switch
        {
            "2f signers" => Shorter(good),
            "duplicated signer" => CertificateCodec.Encode(
                good with { Signatures = ValueArray<Signature>.Of(signed[0], signed[1], signed[1]) }),
            "high s" => WithHighS(good),
            "another height" => CertificateCodec.Encode(good with { Height = good.Height.Next }),
            "another class" => CertificateCodec.Encode(_keys.Certify(VoteClass.Prepare, 5, 0, Fixture.Hash("b"))),
            "I_h with a certificate of round 0" => CertificateCodec.Encode(
                _keys.Certify(VoteClass.Commit, 5, 0, Fixture.Hash("I"))),
            "one signature of nobody" => CertificateCodec.Encode(
                good with { Signatures = ValueArray<Signature>.Of(signed[0], signed[1], Fixture.SignatureOf(3)) }),
            _ => CertificateCodec.Encode(good),
        };
        if (what == "wrong set")
            committee = new Committee([.. Enumerable.Range(2, 4).Select(number => Keys.KeyOf(number).Address)]);
        Assert.False(IsAccepted(shown, committee));
    }

    private static bool IsAccepted(byte[] shown, Committee committee) =>
        CertificateCodec.TryDecode(shown, out Certificate? certificate, out _)
        && certificate.Class == VoteClass.Commit
        && CertificateVerifier.Verify(certificate, committee, Keys.Domain, Fixture.Hash("I")) == CertificateFault.None;

    // The bitmap names two members and two signatures follow.
    private static byte[] Shorter(Certificate good)
    {
        byte[] bytes = CertificateCodec.Encode(good);
        bytes[^((3 * Signature.Length) + 1)] = 0b0011;
        return bytes[..^Signature.Length];
    }

    // (r, n - s, 1 - v) verifies with the same key where low s is not asked for.
    private static byte[] WithHighS(Certificate good)
    {
        byte[] bytes = CertificateCodec.Encode(good);
        Span<byte> last = bytes.AsSpan(bytes.Length - Signature.Length);
        BigInteger s = new(last[32..64], isUnsigned: true, isBigEndian: true);
        byte[] flipped = (Order - s).ToByteArray(isUnsigned: true, isBigEndian: true);
        last[32..64].Clear();
        flipped.CopyTo(last[(64 - flipped.Length)..]);
        last[64] ^= 1;
        return bytes;
    }
}

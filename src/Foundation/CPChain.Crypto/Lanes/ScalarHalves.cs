using CPChain.Types;

namespace CPChain.Crypto.Lanes;

/// <summary>
/// k = k1 + k2 λ modulo n with halves of at most 128 bits, where λ (x, y) = (β x, y) (Gallant, Lambert, Vanstone: "Faster point
/// multiplication on elliptic curves with efficient endomorphisms", 2001).
/// </summary>
internal readonly struct ScalarHalves
{
    /// <summary>A third root of one modulo p.</summary>
    internal static readonly UInt256 Beta = UInt256.Parse("0x7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501ee");

    /// <summary>A third root of one modulo n.</summary>
    internal static readonly UInt256 Lambda = UInt256.Parse("0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72");

    // Two short vectors (a, b) with a + b λ = 0 modulo n: (A1, -MinusB1) and (A2, A1).
    private static readonly UInt256 A1 = UInt256.Parse("0x3086d221a7d46bcde86c90e49284eb15");
    private static readonly UInt256 A2 = UInt256.Parse("0x114ca50f7a8e2f3f657c1108d9d44cfd8");
    private static readonly UInt256 MinusB1 = UInt256.Parse("0xe4437ed6010e88286f547fa90abfe4c3");

    // A1 2^384 / n and MinusB1 2^384 / n, rounded.
    private static readonly UInt256 G1 = UInt256.Parse("0x3086d221a7d46bcde86c90e49284eb153daa8a1471e8ca7fe893209a45dbb031");
    private static readonly UInt256 G2 = UInt256.Parse("0xe4437ed6010e88286f547fa90abfe4c4221208ac9df506c61571b4ae8ac47f71");

    private ScalarHalves(in UInt256 first, in UInt256 second)
    {
        (First, IsFirstNegative) = Sign(first);
        (Second, IsSecondNegative) = Sign(second);
    }

    /// <summary>|k1|.</summary>
    internal UInt256 First { get; }

    /// <summary>|k2|.</summary>
    internal UInt256 Second { get; }

    internal bool IsFirstNegative { get; }

    internal bool IsSecondNegative { get; }

    /// <summary>Splits a number below n.</summary>
    internal static ScalarHalves Of(in UInt256 k)
    {
        UInt256 c1 = Quotient(k, G1);
        UInt256 c2 = Quotient(k, G2);

        // What is left is short, so it is right modulo 2^256 with a sign.
        return unchecked(new ScalarHalves(k - (c1 * A1) - (c2 * A2), (c1 * MinusB1) - (c2 * A1)));
    }

    // a b / 2^384, rounded.
    private static UInt256 Quotient(in UInt256 a, in UInt256 b)
    {
        UInt256.MultiplyWide(a, b, out _, out UInt256 high);
        return (high >> 128) + (high.IsBitSet(127) ? UInt256.One : UInt256.Zero);
    }

    private static (UInt256 Magnitude, bool IsNegative) Sign(in UInt256 number) =>
        number.IsBitSet(255) ? (unchecked(UInt256.Zero - number), true) : (number, false);
}

using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Up to which number, inclusive, a block earns how much (D11.1).</summary>
/// <param name="LastNumber">The last number of the era.</param>
/// <param name="Reward">Base units a block.</param>
public sealed record Era(ulong LastNumber, UInt256 Reward)
{
    /// <summary>Table 1.1 of the white paper 2.0: five years, then nothing.</summary>
    public static ImmutableArray<Era> Paper { get; } =
    [
        new(3_162_240, HundredthsOfCpc(1265)),
        new(6_315_840, HundredthsOfCpc(951)),
        new(9_469_440, HundredthsOfCpc(713)),
        new(12_623_040, HundredthsOfCpc(539)),
        new(15_785_280, HundredthsOfCpc(403)),
    ];

    internal static UInt256 HundredthsOfCpc(ulong hundredths) => (UInt256)hundredths * 10_000_000_000_000_000UL;
}

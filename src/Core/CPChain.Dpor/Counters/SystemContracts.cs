using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Fixed addresses of the contracts that elections read (specs/dpor, "Contracts").</summary>
public static class SystemContracts
{
    /// <summary>Pays rewards, takes a tenth of the fees.</summary>
    public static Address Reserve { get; } = At(0x03);

    /// <summary>Deposits of RNodes.</summary>
    public static Address RNodePool { get; } = At(0x05);

    /// <summary>Lists of terms, commitments of default proposers.</summary>
    public static Address Campaign { get; } = At(0x08);

    /// <summary>The validator set.</summary>
    public static Address ValidatorSet { get; } = At(0x09);

    /// <summary>Counters, rolls, committees, seeds: written by the end-of-block step alone.</summary>
    public static Address Dpor { get; } = At(0x0b);

    private static Address At(byte last) => Address.FromUInt256(0x0c0d00UL | last);
}

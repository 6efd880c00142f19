using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Fixed addresses of the contracts that nodes read, write or call (specs/dpor, "Contracts").</summary>
public static class SystemContracts
{
    /// <summary>Streams, their owners and records: its events are deeds (D4.2).</summary>
    public static Address DataRegistry { get; } = At(0x01);

    /// <summary>Listings and orders: its events are deeds (D4.2).</summary>
    public static Address Market { get; } = At(0x02);

    /// <summary>Pays rewards, takes a tenth of the fees.</summary>
    public static Address Reserve { get; } = At(0x03);

    /// <summary>Deposits of RNodes.</summary>
    public static Address RNodePool { get; } = At(0x05);

    /// <summary>Lists of terms, commitments of default proposers.</summary>
    public static Address Campaign { get; } = At(0x08);

    /// <summary>The validator set.</summary>
    public static Address ValidatorSet { get; } = At(0x09);

    /// <summary>Proven misconduct (D16).</summary>
    public static Address Evidence { get; } = At(0x0a);

    /// <summary>Counters, rolls, committees, seeds: written by the end-of-block step alone.</summary>
    public static Address Dpor { get; } = At(0x0b);

    /// <summary>The numbers that contracts go by; a parameter lies at its id.</summary>
    public static Address Parameters { get; } = At(0x0c);

    private static Address At(byte last) => Address.FromUInt256(0x0c0d00UL | last);
}

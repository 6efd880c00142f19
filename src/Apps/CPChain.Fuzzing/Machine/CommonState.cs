using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>What every case finds: the block, and accounts that no case owns.</summary>
public static class CommonState
{
    /// <summary>Chain id; the one of anvil.</summary>
    public const ulong ChainId = 31_337;

    /// <summary>Base fee of the block.</summary>
    public const ulong BaseFee = 7;

    /// <summary>Seconds since 1970 of block 1; block 0 is <see cref="GenesisTimestamp"/>.</summary>
    public const ulong Timestamp = GenesisTimestamp + 12;

    internal const ulong GenesisTimestamp = 1_700_000_000;

    /// <summary>Gas limit of the block: no batch exhausts it.</summary>
    internal const ulong GasLimit = 1_000_000_000_000;

    /// <summary>Highest precompiled contract of Osaka beside <see cref="P256"/>.</summary>
    internal const ulong PrecompileMax = 0x11;

    /// <summary>The precompiled contract of EIP-7951.</summary>
    internal const ulong P256 = 0x100;

    /// <summary>Takes the tips.</summary>
    internal static readonly Address Coinbase = Address.Parse("0xc0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0");

    /// <summary>
    /// Precompiled contracts own a coin, so that whether a case pays for a new account does not depend on the case before it.
    /// </summary>
    internal static ImmutableArray<GenesisAccount> Accounts { get; } =
    [
        .. Enumerable.Range(1, (int)PrecompileMax).Append((int)P256).Select(static number => new GenesisAccount(
            Address.FromUInt256((UInt256)number), UInt256.One, 0, default, [])),
        new GenesisAccount(Coinbase, UInt256.One, 0, default, []),
        new GenesisAccount(Address.Zero, UInt256.One, 0, default, []),
    ];
}

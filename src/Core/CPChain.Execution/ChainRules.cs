using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>What block and transaction rules need of the genesis, with the hash of block 0.</summary>
public sealed record ChainRules
{
    /// <summary>Hash of block 0; enters every seal (L2.4).</summary>
    public required Hash256 GenesisHash { get; init; }

    /// <summary>Chain id of EIP-155.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>Least milliseconds between blocks (L1).</summary>
    public required ulong PeriodMs { get; init; }

    /// <summary>Milliseconds that an impeach block adds to the period (L2.2).</summary>
    public required ulong TimeoutMs { get; init; }

    /// <summary>Gas limit of every block (rule C8).</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>Gas that heavy precompiled contracts may take in one block (rule C13.3).</summary>
    public ulong HeavyGasMax { get; init; } = ulong.MaxValue;

    /// <summary>Under this the base fee never falls (rule C9).</summary>
    public required UInt256 BaseFeeFloor { get; init; }

    /// <summary>Bounds of a block (rule C4).</summary>
    public required BlockLimits Limits { get; init; }

    /// <summary>Who proposes and who validates.</summary>
    public required Committees Committees { get; init; }

    /// <summary>The instruction set and gas rules in force.</summary>
    public EvmRules Evm { get; init; } = EvmRules.Osaka;

    /// <summary>Precompiled contracts beside those of <see cref="Evm"/> (rule E12): <see cref="PlatformPrecompiles"/> or none.</summary>
    public ImmutableArray<IPlatformPrecompile> Platform { get; init; } = [];

    /// <summary>Whether the base fee (EIP-1559) and the coins of destroyed contracts are burned as on Ethereum; never on this chain, rule C15.</summary>
    public bool BurnsBaseFee { get; init; }

    /// <summary>How the machine runs code; results do not depend on it.</summary>
    public EvmEngine Engine { get; init; }

    /// <summary>Blobs that one transaction may carry (EIP-4844); none on this chain, rule E4 of the machine.</summary>
    public int TransactionBlobsMax { get; init; }

    /// <summary>Whether legacy transactions bound to no chain (chain id 0) are valid, as on Ethereum; never on this chain.</summary>
    public bool TakesUnbound { get; init; }

    /// <summary>What blocks of another chain do besides; null on this chain.</summary>
    public IForeignBlocks? Foreign { get; init; }

    // A machine of two cores works off 50 Mgas of the slowest contract in less than X (L1): docs/performance.md.
    private const ulong HeavyShare = 5;

    /// <summary>Elections and economy; null where proposers take turns by a list.</summary>
    public ElectedCommittees? Elections => Committees as ElectedCommittees;

    internal IdleMachines Machines { get; } = new();

    /// <summary>The rules of a genesis whose block 0 has this hash.</summary>
    public static ChainRules Of(Genesis genesis, in Hash256 genesisHash) => new()
    {
        GenesisHash = genesisHash,
        ChainId = genesis.ChainId,
        PeriodMs = genesis.Times.PeriodMs,
        TimeoutMs = genesis.Times.TimeoutMs,
        GasLimit = genesis.GasLimit,
        HeavyGasMax = Math.Max(genesis.GasLimit / HeavyShare, EvmRules.Osaka.TransactionGasMax!.Value),
        BaseFeeFloor = genesis.BaseFeeFloor,
        Limits = genesis.Limits,
        Committees = genesis.Dpor is { } dpor
            ? new ElectedCommittees(dpor, genesis.Schedule.ProposersOf(1)) : new FixedCommittees(genesis.Schedule),
        Platform = genesis.Dpor is null ? [] : PlatformPrecompiles.Of(genesisHash, genesis.ChainId),
    };
}

using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>Blobs that a fork lets into a block, and what they cost (EIP-4844, EIP-7840).</summary>
/// <param name="Target">Blobs at which the price stays.</param>
/// <param name="Max">Blobs in a block, at most.</param>
/// <param name="Fraction">BLOB_BASE_FEE_UPDATE_FRACTION.</param>
internal sealed record BlobSchedule(ulong Target, ulong Max, ulong Fraction);

/// <summary>One fork of Ethereum: the machine's rules and what blocks do besides.</summary>
internal sealed record EthereumFork
{
    /// <summary>Blobs of one transaction since Osaka (EIP-7594).</summary>
    private const ulong OsakaTransactionBlobsMax = 6;

    /// <summary>Nobody proposes and nobody votes there; methods that tell of committees tell of nobody's keys.</summary>
    private static readonly CommitteeSchedule s_nobody = Nobody();

    public EthereumFork(EvmRules evm, ulong reward, BlobSchedule? blobs, ulong chainId, IForeignBlocks customs)
    {
        (Evm, Reward, Blobs) = (evm, new UInt256(reward) * 1_000_000_000_000_000_000UL, blobs);
        Rules = new ChainRules
        {
            GenesisHash = Hash256.Zero,
            ChainId = chainId,
            // What eth_simulateV1 puts between two blocks.
            PeriodMs = 12_000,
            TimeoutMs = 0,
            GasLimit = ulong.MaxValue,
            BaseFeeFloor = UInt256.Zero,
            Limits = BlockLimits.Default,
            Committees = new FixedCommittees(s_nobody),
            Evm = evm,
            BurnsBaseFee = true,
            TransactionBlobsMax = blobs is null ? 0 : (int)(evm.HasP256 ? Math.Min(blobs.Max, OsakaTransactionBlobsMax) : blobs.Max),
            TakesUnbound = true,
            Foreign = customs,
        };
    }

    public EvmRules Evm { get; }

    /// <summary>What the maker of a block gets; zero since Paris.</summary>
    public UInt256 Reward { get; }

    /// <summary>Null before Cancun.</summary>
    public BlobSchedule? Blobs { get; }

    /// <summary>The rules as the execution library takes them.</summary>
    public ChainRules Rules { get; }

    /// <summary>EIP-658: receipts say how a transaction ended; before, which state it left.</summary>
    public bool HasReceiptStatus => Evm.HasReturnData;

    /// <summary>EIP-4895.</summary>
    public bool HasWithdrawals => Evm.HasPush0;

    /// <summary>EIP-2935, EIP-7002, EIP-7251 and EIP-7685: hashes kept in state, requests to the beacon chain.</summary>
    public bool HasRequests => Evm.HasDelegation;

    private static CommitteeSchedule Nobody()
    {
        CommitteeEntry entry = new(1, [Address.FromUInt256(1UL)], [Address.FromUInt256(2UL)]);
        bool isMade = CommitteeSchedule.TryCreate([entry], out CommitteeSchedule? schedule, out (int, string Reason) fault);
        Invariant.Check(isMade && schedule is not null, fault.Reason);
        return schedule;
    }
}

using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution.Simulation;

/// <summary>Why a simulation has no result.</summary>
public enum SimulationFaultKind
{
    /// <summary>The request contradicts itself.</summary>
    Invalid,

    /// <summary>An override that cannot be.</summary>
    BadOverride,

    /// <summary>A nonce was used.</summary>
    NonceTooLow,

    /// <summary>A nonce leaves a gap.</summary>
    NonceTooHigh,

    /// <summary>A nonce has no successor.</summary>
    NonceAtMaximum,

    /// <summary>A fee cap is under the base fee.</summary>
    FeeCapTooLow,

    /// <summary>A cap per gas of blobs is under the blob base fee.</summary>
    BlobFeeCapTooLow,

    /// <summary>The gas does not pay for the transaction itself.</summary>
    IntrinsicGasTooLow,

    /// <summary>A sender cannot pay.</summary>
    InsufficientFunds,

    /// <summary>The gas limit of a block does not suffice.</summary>
    BlockGasExhausted,

    /// <summary>Numbers do not rise.</summary>
    NumberNotRising,

    /// <summary>Times do not rise.</summary>
    TimeNotRising,

    /// <summary>A precompiled contract is moved to where it is.</summary>
    MovedToItself,

    /// <summary>Init code is too long.</summary>
    InitCodeTooLong,

    /// <summary>More than this node lets one request cost.</summary>
    LimitExceeded,

    /// <summary>Nobody waits for the answer any more.</summary>
    Cancelled,
}

/// <summary>Why a simulation has no result, in Ethereum clients' words.</summary>
public sealed record SimulationFault(SimulationFaultKind Kind, string Message);

/// <summary>An event of a simulated call.</summary>
/// <param name="Log">The event.</param>
/// <param name="Index">Its index in the block.</param>
public readonly record struct SimulatedLog(LogEntry Log, int Index);

/// <summary>What one call did.</summary>
/// <param name="Outcome">As of a transaction.</param>
/// <param name="Logs">Its events, moves of coins among them where they are traced; none unless it succeeded.</param>
public sealed record SimulatedCallOutcome(TransactionOutcome Outcome, ImmutableArray<SimulatedLog> Logs)
{
    /// <summary>Whether its code succeeded.</summary>
    public bool IsSuccess => Outcome.Status == EvmStatus.Success;
}

/// <summary>A block that never was.</summary>
/// <param name="Block">Header and unsigned transactions.</param>
/// <param name="PrevRandao">Its randomness.</param>
/// <param name="BlobGasUsed">Gas of its blobs.</param>
/// <param name="Calls">What each transaction did.</param>
public sealed record SimulatedBlock(
    Block Block, Hash256 PrevRandao, ulong BlobGasUsed, ImmutableArray<SimulatedCallOutcome> Calls);

/// <summary>The blocks of a simulation, or why there are none.</summary>
public readonly record struct SimulationOutcome(SimulationFault? Fault, ImmutableArray<SimulatedBlock> Blocks)
{
    /// <summary>True iff there are blocks.</summary>
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsDone => Fault is null;
}

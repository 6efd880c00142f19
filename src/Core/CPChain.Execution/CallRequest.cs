using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>A call that is only tried (eth_call, eth_estimateGas): unsigned, all but the sender optional.</summary>
public record CallRequest
{
    /// <summary>Who calls; zero when nobody is named.</summary>
    public Address From { get; init; }

    /// <summary>Who is called; null tries a creation.</summary>
    public Address? To { get; init; }

    /// <summary>Gas to try with; null for as much as allowed.</summary>
    public ulong? GasLimit { get; init; }

    /// <summary>Fee cap per gas; null tries for free.</summary>
    public UInt256? MaxFeePerGas { get; init; }

    /// <summary>Tip per gas; null for the fee cap.</summary>
    public UInt256? MaxPriorityFeePerGas { get; init; }

    /// <summary>Base units sent along.</summary>
    public UInt256 Value { get; init; }

    /// <summary>Call data or init code.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Announced accounts and slots.</summary>
    public ImmutableArray<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>Code settings (EIP-7702).</summary>
    public ImmutableArray<Authorization> Authorizations { get; init; } = [];

    /// <summary>The most paid per gas of blobs (EIP-4844); zero tries for free.</summary>
    public UInt256 MaxFeePerBlobGas { get; init; }

    /// <summary>Versioned hashes of blobs; this chain refuses any.</summary>
    public ImmutableArray<Hash256> BlobHashes { get; init; } = [];
}

/// <summary>What a tried call would do.</summary>
/// <param name="Fault">Why it could not even start; then the rest is empty.</param>
/// <param name="Status">How its code ended.</param>
/// <param name="Output">Return data, or the reason of a revert.</param>
/// <param name="GasUsed">Gas it would pay for.</param>
/// <param name="Created">The contract it would create.</param>
/// <param name="Logs">Its events.</param>
public sealed record CallOutcome(
    ValidityFault Fault,
    EvmStatus Status,
    ReadOnlyMemory<byte> Output,
    ulong GasUsed,
    Address? Created,
    ImmutableArray<LogEntry> Logs)
{
    /// <summary>True iff it started and its code succeeded.</summary>
    public bool IsSuccess => Fault == ValidityFault.None && Status == EvmStatus.Success;
}

/// <summary>The least gas with which a call succeeds, or the outcome of trying it with the most allowed.</summary>
/// <param name="Gas">The gas to buy; 0 when no amount helps.</param>
/// <param name="GasMax">The most that was tried.</param>
/// <param name="Failure">Null when <paramref name="Gas"/> suffices.</param>
public sealed record GasEstimate(ulong Gas, ulong GasMax, CallOutcome? Failure);

/// <summary>The access list that a call asks for, and what the call does with it.</summary>
public sealed record AccessListProposal(ImmutableArray<AccessListEntry> AccessList, CallOutcome Outcome);

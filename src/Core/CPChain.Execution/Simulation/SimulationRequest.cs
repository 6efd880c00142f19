using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Execution.Simulation;

/// <summary>What a simulated block is to be that the chain would have decided otherwise; null leaves it to the chain.</summary>
public sealed record BlockOverride
{
    /// <summary>Its number; empty blocks fill the gap to the one before.</summary>
    public ulong? Number { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public ulong? TimestampMs { get; init; }

    /// <summary>Gas limit; blocks after it keep it.</summary>
    public ulong? GasLimit { get; init; }

    /// <summary>Who takes the fees; blocks after it keep it.</summary>
    public Address? Coinbase { get; init; }

    /// <summary>Randomness (PREVRANDAO).</summary>
    public Hash256? PrevRandao { get; init; }

    /// <summary>Base fee per gas.</summary>
    public UInt256? BaseFee { get; init; }

    /// <summary>Blob base fee.</summary>
    public UInt256? BlobBaseFee { get; init; }
}

/// <summary>
/// One call of a simulation: a transaction in all but its signature. Null is as much gas as block and request have left, and no fee
/// and no tip.
/// </summary>
public sealed record SimulatedCall : CallRequest
{
    /// <summary>A call of the zero address that creates a contract without code.</summary>
    public SimulatedCall()
    {
    }

    /// <summary>This call as a transaction.</summary>
    public SimulatedCall(CallRequest call)
        : base(call)
    {
    }

    /// <summary>The transaction's envelope.</summary>
    public TxType Type { get; init; } = TxType.FeeMarket;

    /// <summary>Its nonce; the next of the sender by default.</summary>
    public ulong? Nonce { get; init; }
}

/// <summary>One block of a simulation.</summary>
/// <param name="Block">What is different about it.</param>
/// <param name="Accounts">What is different in the state before its first call, in order.</param>
/// <param name="Calls">What runs in it, in order.</param>
public sealed record SimulatedBlockRequest(
    BlockOverride Block,
    ImmutableArray<(Address Address, AccountOverride Change)> Accounts,
    ImmutableArray<SimulatedCall> Calls);

/// <summary>How a simulation runs and what it may cost.</summary>
public sealed record SimulationOptions
{
    /// <summary>Nonces and fees must be right, as in a real block.</summary>
    public bool Validates { get; init; }

    /// <summary>Moves of coins are told as events of an address that no contract has.</summary>
    public bool TracesTransfers { get; init; }

    /// <summary>Whether the state has a trie, so that state roots can be told; otherwise they are zero.</summary>
    public bool HasTrie { get; init; } = true;

    /// <summary>Gas of all calls together.</summary>
    public required ulong GasMax { get; init; }

    /// <summary>Blocks, those between included.</summary>
    public int BlocksMax { get; init; } = 256;

    /// <summary>Asked before each block and call; false ends the simulation.</summary>
    public Func<bool> MayContinue { get; init; } = static () => true;
}

using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Execution.TxOrder;
using CPChain.Types;

namespace CPChain.TxPool;

/// <summary>What became of a submitted transaction.</summary>
/// <param name="Hash">Its hash; zero when the bytes are no transaction.</param>
/// <param name="Fault">Why it was refused, or none: then it waits, and a crash will not lose it.</param>
public readonly record struct PoolAnswer(Hash256 Hash, QueueFault Fault)
{
    /// <summary>True iff it was accepted.</summary>
    public bool IsAccepted => Fault.IsNone;
}

/// <summary>How much waits.</summary>
/// <param name="Pending">Transactions whose predecessors are all here.</param>
/// <param name="Queued">Transactions behind a gap.</param>
/// <param name="Bytes">Bytes of all envelopes.</param>
public readonly record struct PoolStatus(int Pending, int Queued, long Bytes);

/// <summary>Transactions that have just been accepted, for gossip.</summary>
/// <param name="Transactions">In the order of arrival.</param>
/// <param name="IsLocal">True for those handed in here, false for those that a peer sent.</param>
public sealed record NewTransactions(ImmutableArray<Transaction> Transactions, bool IsLocal);

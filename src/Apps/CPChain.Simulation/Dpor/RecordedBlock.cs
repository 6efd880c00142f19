using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Simulation.Dpor;

/// <summary>What a simulated transaction does.</summary>
public enum RecordedAction
{
    /// <summary>Amount to Other.</summary>
    Transfer,

    /// <summary>The sender anchors a record.</summary>
    Upload,

    /// <summary>Amount to the seller Other, whose sale settles.</summary>
    Sale,

    /// <summary>Amount to the proxy Other, whose receipt settles.</summary>
    Receipt,

    /// <summary>Amount into the RNode pool.</summary>
    Join,

    /// <summary>The sender's deposit comes back.</summary>
    Quit,

    /// <summary>Evidence: half of Other's deposit goes to the reserve.</summary>
    Slash,

    /// <summary>The sender stands on the next lists, a commitment each.</summary>
    Claim,

    /// <summary>A default proposer commits for serving Term.</summary>
    Commit,

    /// <summary>Members are the validator set from Term on.</summary>
    Validators,
}

/// <summary>A transaction as its block records it; amounts and fee in base units.</summary>
public sealed record RecordedTransaction(
    RecordedAction Action,
    Address Sender,
    UInt256 Fee,
    Address Other = default,
    UInt256 Amount = default,
    ulong Term = 0,
    ImmutableArray<Hash256> Commitments = default,
    ImmutableArray<Address> Members = default);

/// <summary>All that anybody can see of a simulated block.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Coinbase">Its proposer; zero for an impeach block.</param>
/// <param name="Extra">Its reveal; zero without one.</param>
/// <param name="Transactions">In order; none in an impeach block.</param>
public sealed record RecordedBlock(
    ulong Number, Address Coinbase, Hash256 Extra, ImmutableArray<RecordedTransaction> Transactions)
{
    /// <summary>Whether the number was impeached.</summary>
    public bool IsImpeach => Coinbase.IsZero;
}

/// <summary>What a simulated network begins with; known to everybody.</summary>
/// <param name="BlockHash">Hash of block 0.</param>
/// <param name="Defaults">Default proposers.</param>
/// <param name="Validators">The first validator set.</param>
/// <param name="Foundation">Gets its part of fees.</param>
/// <param name="Balances">Balances in base units; together all coins.</param>
public sealed record SimulatedGenesis(
    Hash256 BlockHash,
    ImmutableArray<Address> Defaults,
    ImmutableArray<Address> Validators,
    Address Foundation,
    ImmutableDictionary<Address, UInt256> Balances);

using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>A transaction's sender and its whole fee, base units.</summary>
public readonly record struct Send(Address Sender, UInt256 Fee);

/// <summary>An account whose balance a block changed, rewards included; base units.</summary>
public readonly record struct BalanceChange(Address Account, UInt256 Before, UInt256 After);

/// <summary>What the end-of-block step needs of a block (D4). An impeach block has no sends, deeds or fees.</summary>
public sealed record BlockFacts
{
    /// <summary>Its number, 1 or more.</summary>
    public required ulong Number { get; init; }

    /// <summary>Hash of its parent; read for number 1 alone (D9.3).</summary>
    public required Hash256 ParentHash { get; init; }

    /// <summary>Its proposer; zero for an impeach block.</summary>
    public required Address Coinbase { get; init; }

    /// <summary>Its reveal; zero without one.</summary>
    public Hash256 Reveal { get; init; }

    /// <summary>Transactions in order.</summary>
    public ImmutableArray<Send> Sends { get; init; } = [];

    /// <summary>Owners of <c>Anchored</c> logs in order.</summary>
    public ImmutableArray<Address> Uploads { get; init; } = [];

    /// <summary>Sellers of <c>Settled</c> logs in order.</summary>
    public ImmutableArray<Address> Sales { get; init; } = [];

    /// <summary>Proxies of <c>ProxyRewarded</c> logs in order.</summary>
    public ImmutableArray<Address> Receipts { get; init; } = [];

    /// <summary>Accounts with another balance than before the block.</summary>
    public ImmutableArray<BalanceChange> Balances { get; init; } = [];

    /// <summary>The proposer's part of the fees, base units.</summary>
    public UInt256 ProposerFees { get; init; }

    /// <summary>Whether it is an impeach block (L2.1).</summary>
    public bool IsImpeach => Coinbase.IsZero;
}

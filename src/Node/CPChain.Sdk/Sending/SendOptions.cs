using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>How a transaction is sent; what is left out is worked out from the node.</summary>
public sealed record SendOptions
{
    /// <summary>Everything is worked out.</summary>
    public static SendOptions Default { get; } = new();

    /// <summary>Gas at most; else the node's estimate and a quarter.</summary>
    public ulong? GasLimit { get; init; }

    /// <summary>Gas on top of the estimate, for what others may change until the block.</summary>
    public ulong GasReserve { get; init; }

    /// <summary>Fee a gas at most, in base units; the gas price of types 0 and 1.</summary>
    public UInt256? MaxFeePerGas { get; init; }

    /// <summary>Tip a gas at most, in base units.</summary>
    public UInt256? MaxPriorityFeePerGas { get; init; }

    /// <summary>The envelope; with authorisations it is type 4.</summary>
    public TxType Type { get; init; } = TxType.FeeMarket;

    /// <summary>Accounts and slots that are paid for in advance (EIP-2930).</summary>
    public ImmutableArray<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>Accounts that borrow another's code (EIP-7702); see <see cref="LocalAccount.Authorize"/>.</summary>
    public ImmutableArray<Authorization> Authorizations { get; init; } = [];

    /// <summary>A nonce of one's own, to replace a transaction that waits; the sender's count is then left alone.</summary>
    public ulong? Nonce { get; init; }
}

/// <summary>A transaction before fees, gas and nonce are worked out; <see cref="To"/> null creates a contract.</summary>
public sealed record TransactionRequest(Address? To)
{
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Coins that go along, in base units.</summary>
    public UInt256 Value { get; init; }

    public SendOptions Options { get; init; } = SendOptions.Default;
}

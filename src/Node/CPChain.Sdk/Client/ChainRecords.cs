using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>A message call that is tried or estimated, not sent.</summary>
public sealed record CallRequest(Address? To, ReadOnlyMemory<byte> Data)
{
    public Address? From { get; init; }

    public UInt256 Value { get; init; }

    public ulong? GasLimit { get; init; }

    /// <summary>Accounts and slots that are paid for in advance (EIP-2930).</summary>
    public ImmutableArray<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>Accounts that borrow another's code (EIP-7702), from the call itself on.</summary>
    public ImmutableArray<Authorization> Authorizations { get; init; } = [];
}

/// <summary>A block as <c>eth_getBlockBy…</c> shows it, with the hashes of its transactions.</summary>
public sealed record BlockInfo(
    ulong Number,
    Hash256 Hash,
    Hash256 ParentHash,
    Hash256 StateRoot,
    ulong TimestampSeconds,
    Address Coinbase,
    ulong GasLimit,
    ulong GasUsed,
    UInt256 BaseFeePerGas,
    IReadOnlyList<Hash256> TransactionHashes);

/// <summary>A transaction; block and index are null while it waits in the pool.</summary>
public sealed record TransactionInfo(
    Hash256 Hash,
    Address From,
    Address? To,
    ulong Nonce,
    UInt256 Value,
    ulong GasLimit,
    byte[] Data,
    ulong? BlockNumber,
    ulong? Index);

/// <summary>One log of a receipt.</summary>
public sealed record LogInfo(
    Address Address,
    IReadOnlyList<Hash256> Topics,
    byte[] Data,
    ulong BlockNumber,
    Hash256 TransactionHash,
    ulong LogIndex);

/// <summary>What a transaction did.</summary>
public sealed record ReceiptInfo(
    Hash256 TransactionHash,
    Hash256 BlockHash,
    ulong BlockNumber,
    ulong TransactionIndex,
    Address From,
    Address? To,
    Address? ContractAddress,
    bool Success,
    ulong GasUsed,
    UInt256 EffectiveGasPrice,
    IReadOnlyList<LogInfo> Logs);

/// <summary>Logs that are asked for; a null topic matches any, several in one place match either.</summary>
public sealed record LogQuery(BlockTag From, BlockTag To)
{
    public IReadOnlyList<Address> Addresses { get; init; } = [];

    public IReadOnlyList<IReadOnlyList<Hash256>?> Topics { get; init; } = [];
}

/// <summary>Fees per gas in base units that carry a transaction into one of the next blocks.</summary>
public sealed record FeeSuggestion(UInt256 MaxFeePerGas, UInt256 MaxPriorityFeePerGas);

using CPChain.Types;

namespace CPChain.Evm;

/// <summary>What a block tells the code that runs in it.</summary>
public sealed record BlockContext
{
    /// <summary>Number of the block (NUMBER).</summary>
    public required ulong Number { get; init; }

    /// <summary>Seconds since 1970 (TIMESTAMP); may repeat from block to block, rule E3.</summary>
    public required ulong Timestamp { get; init; }

    /// <summary>Milliseconds since 1970 of the header; not visible to any opcode.</summary>
    public ulong TimestampMs { get; init; }

    /// <summary>Proposer of the block (COINBASE).</summary>
    public required Address Coinbase { get; init; }

    /// <summary>Gas limit of the block (GASLIMIT).</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>Base fee per gas in base units (BASEFEE, EIP-3198).</summary>
    public required UInt256 BaseFee { get; init; }

    /// <summary>Randomness of the block (PREVRANDAO, EIP-4399), rule E2.</summary>
    public required Hash256 PrevRandao { get; init; }

    /// <summary>Chain id (CHAINID, EIP-1344).</summary>
    public required ulong ChainId { get; init; }

    /// <summary>Blob base fee (BLOBBASEFEE, EIP-7516), rule E4.</summary>
    public UInt256 BlobBaseFee { get; init; } = UInt256.One;

    /// <summary>Hash of an ancestor block by number; asked only for the 256 latest ancestors (BLOCKHASH).</summary>
    public Func<ulong, Hash256> GetBlockHash { get; init; } = static _ => Hash256.Zero;
}

using System.Diagnostics.CodeAnalysis;
using CPChain.Crypto;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Chain;

/// <summary>
/// What a block commits to (rule C3). Round, seal and certificates are outside (L2.3). Equal when the hashes are.
/// </summary>
public sealed record BlockHeader
{
    /// <summary>The header version that this code writes and knows.</summary>
    public const ulong CurrentVersion = 1;

    private HashFact? _hash;

    /// <summary>A header whose fields are set by an initialiser.</summary>
    public BlockHeader()
    {
    }

    // The remembered hash must not travel into a `with` copy.
    private BlockHeader(BlockHeader other)
    {
        Version = other.Version;
        ParentHash = other.ParentHash;
        Coinbase = other.Coinbase;
        StateRoot = other.StateRoot;
        TransactionsRoot = other.TransactionsRoot;
        ReceiptsRoot = other.ReceiptsRoot;
        LogsBloom = other.LogsBloom;
        Number = other.Number;
        GasLimit = other.GasLimit;
        GasUsed = other.GasUsed;
        TimestampMs = other.TimestampMs;
        BaseFeePerGas = other.BaseFeePerGas;
        NextValidatorsHash = other.NextValidatorsHash;
        Extra = other.Extra;
    }

    /// <summary>Version of the field list; 1.</summary>
    public ulong Version { get; init; } = CurrentVersion;

    /// <summary>Hash of the block before; zero in genesis.</summary>
    public Hash256 ParentHash { get; init; }

    /// <summary>Who made the block and takes its fees; zero iff it is an impeach block (L2.1).</summary>
    public Address Coinbase { get; init; }

    /// <summary>Root of the state after this block.</summary>
    public Hash256 StateRoot { get; init; }

    /// <summary>Root of the transactions by index.</summary>
    public Hash256 TransactionsRoot { get; init; }

    /// <summary>Root of the receipts by index.</summary>
    public Hash256 ReceiptsRoot { get; init; }

    /// <summary>Union of the receipts' filters.</summary>
    public Bloom LogsBloom { get; init; }

    /// <summary>Position in the chain; genesis is 0.</summary>
    public ulong Number { get; init; }

    /// <summary>Gas that the transactions may use together.</summary>
    public ulong GasLimit { get; init; }

    /// <summary>Gas that they used.</summary>
    public ulong GasUsed { get; init; }

    /// <summary>Unix time in milliseconds (L7).</summary>
    public ulong TimestampMs { get; init; }

    /// <summary>Least price of one gas in this block, base units (EIP-1559).</summary>
    public UInt256 BaseFeePerGas { get; init; }

    /// <summary>Hash of the validator set of the next number (L21).</summary>
    public Hash256 NextValidatorsHash { get; init; }

    /// <summary>Free bytes of the proposer, 32 at most; empty in an impeach block.</summary>
    public ReadOnlyMemory<byte> Extra { get; init; }

    /// <summary>Keccak-256 of the RLP of all fields.</summary>
    public Hash256 Hash => (_hash ??= new HashFact(Keccak256.Hash(Encode()))).Value;

    /// <summary>True iff the coinbase is zero and this is not genesis (L2.1).</summary>
    public bool IsImpeach => Coinbase.IsZero && Number > 0;

    /// <summary>
    /// The same fields under the hash that another chain gives its block, for tools that look at such chains through this one's
    /// eyes. It encodes to bytes of another hash, so nobody can take it for a block of this chain; nodes never make one.
    /// </summary>
    public BlockHeader StandingFor(in Hash256 hash) => new(this) { _hash = new HashFact(hash) };

    /// <summary>RLP of the fields, version first.</summary>
    public byte[] Encode()
    {
        RlpWriter writer = new();
        WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>Reads <see cref="Encode"/>; a fault names what is wrong. Never throws.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out BlockHeader? header, out BlockFault fault)
    {
        RlpReader reader = new(encoded);
        if (!TryRead(ref reader, out header, out fault))
            return false;
        if (reader.AtEnd)
            return true;
        header = null;
        fault = new BlockFault(BlockFaultKind.Malformed, "bytes after the header");
        return false;
    }

    /// <inheritdoc/>
    public bool Equals(BlockHeader? other) => other is not null && Hash == other.Hash;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <summary>Number and hash.</summary>
    public override string ToString() => $"#{Number} {Hash}";

    internal void WriteTo(RlpWriter writer)
    {
        writer.BeginList();
        writer.WriteUlong(Version);
        writer.WriteHash(ParentHash);
        writer.WriteAddress(Coinbase);
        writer.WriteHash(StateRoot);
        writer.WriteHash(TransactionsRoot);
        writer.WriteHash(ReceiptsRoot);
        writer.WriteBytes(LogsBloom.Span);
        writer.WriteUlong(Number);
        writer.WriteUlong(GasLimit);
        writer.WriteUlong(GasUsed);
        writer.WriteUlong(TimestampMs);
        writer.WriteUInt256(BaseFeePerGas);
        writer.WriteHash(NextValidatorsHash);
        writer.WriteBytes(Extra.Span);
        writer.EndList();
    }

    internal static bool TryRead(
        ref RlpReader outer, [NotNullWhen(true)] out BlockHeader? header, out BlockFault fault)
    {
        header = null;
        fault = new BlockFault(BlockFaultKind.Malformed, "header");
        if (!outer.TryReadList(out RlpReader reader) || !reader.TryReadUlong(out ulong version))
            return false;
        if (version != CurrentVersion)
        {
            fault = BlockFault.UnknownVersion("header", version);
            return false;
        }
        if (!reader.TryReadHash(out Hash256 parentHash)
            || !reader.TryReadAddress(out Address coinbase)
            || !reader.TryReadHash(out Hash256 stateRoot)
            || !reader.TryReadHash(out Hash256 transactionsRoot)
            || !reader.TryReadHash(out Hash256 receiptsRoot)
            || !reader.TryReadBytes(out ReadOnlySpan<byte> bloomBytes, Bloom.Length)
            || !Bloom.TryFromBytes(bloomBytes, out Bloom bloom)
            || !reader.TryReadUlong(out ulong number)
            || !reader.TryReadUlong(out ulong gasLimit)
            || !reader.TryReadUlong(out ulong gasUsed)
            || !reader.TryReadUlong(out ulong timestampMs)
            || !reader.TryReadUInt256(out UInt256 baseFee)
            || !reader.TryReadHash(out Hash256 nextValidatorsHash)
            || !reader.TryReadBytes(out ReadOnlySpan<byte> extra, BlockLimits.ExtraBytesMax)
            || !reader.AtEnd)
            return false;
        header = new BlockHeader
        {
            Version = version,
            ParentHash = parentHash,
            Coinbase = coinbase,
            StateRoot = stateRoot,
            TransactionsRoot = transactionsRoot,
            ReceiptsRoot = receiptsRoot,
            LogsBloom = bloom,
            Number = number,
            GasLimit = gasLimit,
            GasUsed = gasUsed,
            TimestampMs = timestampMs,
            BaseFeePerGas = baseFee,
            NextValidatorsHash = nextValidatorsHash,
            Extra = extra.ToArray(),
        };
        fault = BlockFault.None;
        return true;
    }

    private sealed record HashFact(Hash256 Value);
}

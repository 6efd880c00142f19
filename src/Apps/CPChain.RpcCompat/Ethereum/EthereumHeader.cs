using System.Diagnostics.CodeAnalysis;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>A header of Ethereum, of any fork: each fork appended fields, which are null in older ones.</summary>
internal sealed record EthereumHeader
{
    /// <summary>Keccak-256 of the RLP of an empty list: no uncles.</summary>
    public static Hash256 NoUncles { get; } =
        Hash256.Parse("0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");

    public required Hash256 ParentHash { get; init; }

    public required Hash256 UnclesHash { get; init; }

    public required Address Coinbase { get; init; }

    public required Hash256 StateRoot { get; init; }

    public required Hash256 TransactionsRoot { get; init; }

    public required Hash256 ReceiptsRoot { get; init; }

    public required Bloom LogsBloom { get; init; }

    public required UInt256 Difficulty { get; init; }

    public required ulong Number { get; init; }

    public required ulong GasLimit { get; init; }

    public required ulong GasUsed { get; init; }

    /// <summary>Unix time in seconds.</summary>
    public required ulong Timestamp { get; init; }

    public required ReadOnlyMemory<byte> Extra { get; init; }

    /// <summary>Proof of work, or randomness since Paris.</summary>
    public required Hash256 MixHash { get; init; }

    public required ulong Nonce { get; init; }

    /// <summary>Since London (EIP-1559).</summary>
    public UInt256? BaseFee { get; init; }

    /// <summary>Since Shanghai (EIP-4895).</summary>
    public Hash256? WithdrawalsRoot { get; init; }

    /// <summary>Since Cancun (EIP-4844), as the two after it.</summary>
    public ulong? BlobGasUsed { get; init; }

    public ulong? ExcessBlobGas { get; init; }

    /// <summary>EIP-4788.</summary>
    public Hash256? ParentBeaconRoot { get; init; }

    /// <summary>Since Prague (EIP-7685).</summary>
    public Hash256? RequestsHash { get; init; }

    /// <summary>Keccak-256 of the RLP.</summary>
    public Hash256 Hash => Keccak256.Hash(Encode());

    public byte[] Encode()
    {
        RlpWriter writer = new();
        Write(writer);
        return writer.ToArray();
    }

    public void Write(RlpWriter writer)
    {
        writer.BeginList();
        writer.WriteHash(ParentHash);
        writer.WriteHash(UnclesHash);
        writer.WriteAddress(Coinbase);
        writer.WriteHash(StateRoot);
        writer.WriteHash(TransactionsRoot);
        writer.WriteHash(ReceiptsRoot);
        writer.WriteBytes(LogsBloom.Span);
        writer.WriteUInt256(Difficulty);
        writer.WriteUlong(Number);
        writer.WriteUlong(GasLimit);
        writer.WriteUlong(GasUsed);
        writer.WriteUlong(Timestamp);
        writer.WriteBytes(Extra.Span);
        writer.WriteHash(MixHash);
        writer.WriteBytes(new UInt256(Nonce).ToBigEndian().AsSpan(24));
        if (BaseFee is { } baseFee) writer.WriteUInt256(baseFee);
        if (WithdrawalsRoot is { } withdrawals) writer.WriteHash(withdrawals);
        if (BlobGasUsed is { } used) writer.WriteUlong(used);
        if (ExcessBlobGas is { } excess) writer.WriteUlong(excess);
        if (ParentBeaconRoot is { } beacon) writer.WriteHash(beacon);
        if (RequestsHash is { } requests) writer.WriteHash(requests);
        writer.EndList();
    }

    /// <summary>Reads one header; false for what no fork writes.</summary>
    public static bool TryRead(ref RlpReader outer, [NotNullWhen(true)] out EthereumHeader? header)
    {
        header = null;
        if (!outer.TryReadList(out RlpReader reader)
            || !reader.TryReadHash(out Hash256 parent) || !reader.TryReadHash(out Hash256 uncles)
            || !reader.TryReadAddress(out Address coinbase) || !reader.TryReadHash(out Hash256 state)
            || !reader.TryReadHash(out Hash256 transactions) || !reader.TryReadHash(out Hash256 receipts)
            || !reader.TryReadBytes(out ReadOnlySpan<byte> bits, Bloom.Length) || !Bloom.TryFromBytes(bits, out Bloom bloom)
            || !reader.TryReadUInt256(out UInt256 difficulty) || !reader.TryReadUlong(out ulong number)
            || !reader.TryReadUlong(out ulong gasLimit) || !reader.TryReadUlong(out ulong gasUsed)
            || !reader.TryReadUlong(out ulong timestamp) || timestamp > ulong.MaxValue / 1000 || !reader.TryReadBytes(out ReadOnlySpan<byte> extra, 1024)
            || !reader.TryReadHash(out Hash256 mix) || !reader.TryReadExactly(8, out ReadOnlySpan<byte> nonce)) return false;
        header = new EthereumHeader
        {
            ParentHash = parent,
            UnclesHash = uncles,
            Coinbase = coinbase,
            StateRoot = state,
            TransactionsRoot = transactions,
            ReceiptsRoot = receipts,
            LogsBloom = bloom,
            Difficulty = difficulty,
            Number = number,
            GasLimit = gasLimit,
            GasUsed = gasUsed,
            Timestamp = timestamp,
            Extra = extra.ToArray(),
            MixHash = mix,
            Nonce = UInt256.FromBigEndian(nonce).U0,
        };
        return TryReadAppended(ref reader, ref header);
    }

    /// <summary>The same facts in the header of this chain, under Ethereum's hash.</summary>
    public BlockHeader Translate() => new BlockHeader
    {
        ParentHash = ParentHash,
        Coinbase = Coinbase,
        StateRoot = StateRoot,
        TransactionsRoot = TransactionsRoot,
        ReceiptsRoot = ReceiptsRoot,
        LogsBloom = LogsBloom,
        Number = Number,
        GasLimit = GasLimit,
        GasUsed = GasUsed,
        TimestampMs = checked(Timestamp * 1000),
        BaseFeePerGas = BaseFee ?? UInt256.Zero,
        Extra = Extra,
    }.StandingFor(Hash);

    private static bool TryReadAppended(ref RlpReader reader, ref EthereumHeader header)
    {
        if (reader.AtEnd) return true;
        if (!reader.TryReadUInt256(out UInt256 baseFee)) return false;
        header = header with { BaseFee = baseFee };
        if (reader.AtEnd) return true;
        if (!reader.TryReadHash(out Hash256 withdrawals)) return false;
        header = header with { WithdrawalsRoot = withdrawals };
        if (reader.AtEnd) return true;
        if (!reader.TryReadUlong(out ulong used) || !reader.TryReadUlong(out ulong excess)
            || !reader.TryReadHash(out Hash256 beacon)) return false;
        header = header with { BlobGasUsed = used, ExcessBlobGas = excess, ParentBeaconRoot = beacon };
        if (reader.AtEnd) return true;
        if (!reader.TryReadHash(out Hash256 requests)) return false;
        header = header with { RequestsHash = requests };
        return reader.AtEnd;
    }
}

using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Chain;

/// <summary>
/// What a transaction did (EIP-658, EIP-2718). Status, cumulative gas, bloom and logs enter the receipts root (rule
/// C11); gas used, contract address and effective price are kept beside them for readers.
/// </summary>
public sealed record Receipt(
    TxType Type,
    bool Success,
    ulong CumulativeGasUsed,
    ulong GasUsed,
    Bloom Bloom,
    ImmutableArray<LogEntry> Logs,
    Address? ContractAddress,
    UInt256 EffectiveGasPrice)
{
    private const byte StoredVersion = 1;

    /// <summary>What the receipts root covers: type byte (none for legacy) and [status, gas, bloom, logs].</summary>
    public byte[] EncodeConsensus()
    {
        RlpWriter writer = new(Bloom.Length + 64);
        WriteConsensus(writer);
        return writer.ToArray();
    }

    /// <summary>Writes <see cref="EncodeConsensus"/> after what is there.</summary>
    public void WriteConsensus(RlpWriter writer)
    {
        if (Type != TxType.Legacy)
            writer.WriteRaw([(byte)Type]);
        writer.BeginList();
        writer.WriteUlong(Success ? 1UL : 0UL);
        writer.WriteUlong(CumulativeGasUsed);
        writer.WriteBytes(Bloom.Span);
        WriteLogs(writer);
        writer.EndList();
    }

    /// <summary>The stored form: version 1, every field but the bloom, which follows from the logs.</summary>
    public byte[] EncodeStored()
    {
        RlpWriter writer = new();
        WriteStored(writer);
        return writer.ToArray();
    }

    /// <summary>Writes <see cref="EncodeStored"/> after what is there.</summary>
    public void WriteStored(RlpWriter writer)
    {
        writer.BeginList();
        writer.WriteUlong(StoredVersion);
        writer.WriteUlong((byte)Type);
        writer.WriteUlong(Success ? 1UL : 0UL);
        writer.WriteUlong(CumulativeGasUsed);
        writer.WriteUlong(GasUsed);
        writer.WriteAddressOrEmpty(ContractAddress);
        writer.WriteUInt256(EffectiveGasPrice);
        WriteLogs(writer);
        writer.EndList();
    }

    /// <summary>Reads <see cref="EncodeStored"/>; false for damage or an unknown version.</summary>
    public static bool TryDecodeStored(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out Receipt? receipt)
    {
        receipt = null;
        RlpReader outer = new(encoded);
        if (!outer.TryReadList(out RlpReader reader) || !outer.AtEnd)
            return false;
        if (!reader.TryReadUlong(out ulong version) || version != StoredVersion
            || !reader.TryReadUlong(out ulong type) || type > (byte)TxType.SetCode
            || !reader.TryReadUlong(out ulong success) || success > 1
            || !reader.TryReadUlong(out ulong cumulative)
            || !reader.TryReadUlong(out ulong gasUsed)
            || !reader.TryReadOptionalAddress(out Address? contract)
            || !reader.TryReadUInt256(out UInt256 price)
            || !TryReadLogs(ref reader, out ImmutableArray<LogEntry> logs)
            || !reader.AtEnd)
            return false;
        receipt = new Receipt((TxType)type, success == 1, cumulative, gasUsed, Bloom.Of(logs), logs, contract, price);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Receipt? other) =>
        other is not null && Type == other.Type && Success == other.Success
        && CumulativeGasUsed == other.CumulativeGasUsed && GasUsed == other.GasUsed && Bloom == other.Bloom
        && Nullable.Equals(ContractAddress, other.ContractAddress) && EffectiveGasPrice == other.EffectiveGasPrice
        && Logs.SequenceEqual(other.Logs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Success, CumulativeGasUsed, GasUsed, Logs.Length);

    private void WriteLogs(RlpWriter writer)
    {
        Span<byte> topicBytes = stackalloc byte[Hash256.Length];
        writer.BeginList();
        foreach (LogEntry log in Logs)
        {
            writer.BeginList();
            writer.WriteAddress(log.Address);
            writer.BeginList();
            foreach (Hash256 topic in log.Topics)
            {
                topic.CopyTo(topicBytes);
                writer.WriteBytes(topicBytes);
            }
            writer.EndList();
            writer.WriteBytes(log.Data.Span);
            writer.EndList();
        }
        writer.EndList();
    }

    private static bool TryReadLogs(ref RlpReader reader, out ImmutableArray<LogEntry> logs)
    {
        logs = [];
        if (!reader.TryReadList(out RlpReader items))
            return false;
        ImmutableArray<LogEntry>.Builder builder = ImmutableArray.CreateBuilder<LogEntry>();
        while (!items.AtEnd)
        {
            if (!items.TryReadList(out RlpReader log) || !log.TryReadAddress(out Address address)
                || !log.TryReadList(out RlpReader topicItems))
                return false;
            ImmutableArray<Hash256>.Builder topics = ImmutableArray.CreateBuilder<Hash256>(LogEntry.TopicsMax);
            while (!topicItems.AtEnd)
            {
                if (topics.Count == LogEntry.TopicsMax || !topicItems.TryReadHash(out Hash256 topic))
                    return false;
                topics.Add(topic);
            }
            if (!log.TryReadBytes(out ReadOnlySpan<byte> data) || !log.AtEnd)
                return false;
            builder.Add(new LogEntry(address, topics.ToImmutable(), data.ToArray()));
        }
        logs = builder.ToImmutable();
        return true;
    }
}

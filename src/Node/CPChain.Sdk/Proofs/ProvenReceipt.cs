using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CPChain.Chain;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Sdk.Proofs;

/// <summary>What the receipts root of a header covers of a transaction: success, gas of the block so far, and logs (C11).</summary>
public sealed record ProvenReceipt(TxType Type, bool Success, ulong CumulativeGasUsed, ImmutableArray<LogEntry> Logs)
{
    /// <summary>Reads a leaf of the receipts trie; never throws.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out ProvenReceipt? receipt)
    {
        receipt = null;
        TxType type = TxType.Legacy;
        if (encoded.Length > 0 && encoded[0] <= (byte)TxType.SetCode)
        {
            type = (TxType)encoded[0];
            encoded = encoded[1..];
        }
        RlpReader outer = new(encoded);
        if (!outer.TryReadList(out RlpReader fields) || !outer.AtEnd
            || !fields.TryReadBool(out bool success)
            || !fields.TryReadUlong(out ulong gas)
            || !fields.TryReadExactly(Bloom.Length, out _)
            || !fields.TryReadList(out RlpReader logs)
            || !fields.AtEnd
            || !TryReadLogs(ref logs, out ImmutableArray<LogEntry> entries)) return false;
        receipt = new ProvenReceipt(type, success, gas, entries);
        return true;
    }

    private static bool TryReadLogs(ref RlpReader items, out ImmutableArray<LogEntry> logs)
    {
        logs = [];
        ImmutableArray<LogEntry>.Builder builder = ImmutableArray.CreateBuilder<LogEntry>();
        while (!items.AtEnd)
        {
            if (!items.TryReadList(out RlpReader log) || !log.TryReadAddress(out Address address)
                || !log.TryReadList(out RlpReader topicItems)) return false;
            ImmutableArray<Hash256>.Builder topics = ImmutableArray.CreateBuilder<Hash256>(LogEntry.TopicsMax);
            while (!topicItems.AtEnd)
            {
                if (topics.Count == LogEntry.TopicsMax || !topicItems.TryReadHash(out Hash256 topic)) return false;
                topics.Add(topic);
            }
            if (!log.TryReadBytes(out ReadOnlySpan<byte> data) || !log.AtEnd) return false;
            builder.Add(new LogEntry(address, topics.ToImmutable(), data.ToArray()));
        }
        logs = builder.ToImmutable();
        return true;
    }
}

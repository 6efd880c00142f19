using System.Diagnostics.CodeAnalysis;
using CPChain.Lbft.Journal;

namespace CPChain.Consensus.Journals;

/// <summary>What a record of the node's journal is; the first byte of the record (rule J3).</summary>
internal enum NodeRecordKind : byte
{
    /// <summary>A record of the LBFT machine.</summary>
    Lbft = 1,

    /// <summary>An encoded block that this node voted for.</summary>
    Body = 2,

    /// <summary>An encoded block without its seal that this proposer seals, and no other at its height.</summary>
    SealIntent = 3,

    /// <summary>What was said before is not known (L18); holds until the machine records through which height it is mute.</summary>
    Lost = 4,

    /// <summary>Milliseconds of the wall clock (8 bytes) at the first start with an empty directory at genesis (J5.4).</summary>
    FirstStart = 5,

    /// <summary>The chain began after the first start, so nothing was said before it (J5.4).</summary>
    ChainIsNew = 6,
}

/// <summary>One record of the node's journal, not yet decoded.</summary>
internal readonly record struct NodeRecord(NodeRecordKind Kind, byte[] Content)
{
    internal static byte[] Encode(NodeRecordKind kind, ReadOnlySpan<byte> content) => [(byte)kind, .. content];

    internal static byte[] Encode(JournalRecord record) => Encode(NodeRecordKind.Lbft, JournalCodec.Encode(record));

    internal static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out NodeRecord? record)
    {
        record = null;
        if (bytes.IsEmpty || bytes[0] is < (byte)NodeRecordKind.Lbft or > (byte)NodeRecordKind.ChainIsNew)
        {
            return false;
        }
        record = new NodeRecord((NodeRecordKind)bytes[0], bytes[1..].ToArray());
        return true;
    }
}

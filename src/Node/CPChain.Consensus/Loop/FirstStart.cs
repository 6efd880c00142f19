using System.Buffers.Binary;
using CPChain.Chain;
using CPChain.Consensus.Journals;

namespace CPChain.Consensus.Loop;

/// <summary>
/// The first start of a validator whose directory was empty at genesis (rule J5.4): it votes without asking for heads until the first block of
/// a proposer tells whether the chain began after it or has run before.
/// </summary>
/// <param name="startedMs">Wall clock at the first start, milliseconds.</param>
/// <param name="driftMs">How far two clocks may differ (L1).</param>
internal sealed class FirstStart(ulong startedMs, ulong driftMs)
{
    /// <summary>Whether a proposer made the block before this validator was there to vote on it.</summary>
    internal bool IsBefore(Block block) => !block.IsImpeach && block.Header.TimestampMs + driftMs < startedMs;

    internal byte[] Record()
    {
        byte[] content = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(content, startedMs);
        return NodeRecord.Encode(NodeRecordKind.FirstStart, content);
    }
}

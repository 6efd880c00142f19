using System.Runtime.InteropServices;
using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.Checks;

/// <summary>Everything binding that each honest key has ever said, over all its lives, and whether two of it prove misconduct (L22.2).</summary>
internal sealed class Speeches
{
    private readonly Dictionary<(Address Speaker, ulong Height), List<Statement>> said = [];
    private readonly byte[]?[] heardLately = new byte[8][];
    private int next;

    /// <summary>The contradiction that this message makes complete, or null.</summary>
    internal string? Hear(in Address speaker, ushort type, ReadOnlyMemory<byte> payload, BlockLimits limits)
    {
        // One message goes to many peers as one array.
        if (!MemoryMarshal.TryGetArray(payload, out ArraySegment<byte> bytes) || Array.IndexOf(heardLately, bytes.Array) >= 0)
        {
            return null;
        }
        heardLately[next++ % heardLately.Length] = bytes.Array;
        Statement? statement = type switch
        {
            ChainMessages.Lbft => StatementOf(payload.Span),
            ChainMessages.Proposal => SealOf(speaker, payload.Span, limits),
            _ => null,
        };
        return statement is { } one ? Judge(speaker, one) : null;
    }

    /// <summary>Whether the message is a vote.</summary>
    internal static bool IsVote(ushort type, ReadOnlySpan<byte> payload) =>
        type == ChainMessages.Lbft && StatementOf(payload) is { } said && said.Kind.IsVote();

    internal static Statement? StatementOf(ReadOnlySpan<byte> payload) =>
        LbftMessageCodec.TryDecode(payload, 0, out LbftMessage? message, out _) && message is LbftMessage.Said { Signed.Statement: var statement }
        && (statement.Kind.IsVote() || statement.Kind == StatementKind.Propose)
            ? statement
            : null;

    // Validators pass proposals on; only the block's own proposer has sealed it.
    private static Statement? SealOf(in Address speaker, ReadOnlySpan<byte> payload, BlockLimits limits) =>
        LbftMessageCodec.TryDecode(payload, limits.BytesMax, out LbftMessage? message, out _) && message is LbftMessage.Proposal { Block: var bytes }
        && Block.TryDecode(bytes.Span, limits, out Block? block, out _) && block.Header.Coinbase == speaker
            ? new Statement(StatementKind.Seal, block.Number, 0, block.Hash)
            : null;

    private string? Judge(in Address speaker, in Statement statement)
    {
        ref List<Statement>? before = ref CollectionsMarshal.GetValueRefOrAddDefault(said, (speaker, statement.Height.Value), out _);
        before ??= [];
        foreach (Statement earlier in before)
        {
            if (earlier == statement)
            {
                return null;
            }
            if (MisconductRules.Judge(earlier, statement) is { } kind)
            {
                before.Add(statement);
                return $"{kind}: {earlier} and {statement}";
            }
        }
        before.Add(statement);
        return null;
    }
}

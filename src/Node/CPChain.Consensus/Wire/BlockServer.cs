using CPChain.Chain;
using CPChain.Consensus.Loop;
using CPChain.Lbft.Messages;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Consensus.Wire;

/// <summary>Answers peers that ask for bodies and for ranges of final blocks, within the wire's bounds.</summary>
internal sealed class BlockServer(LoopContext context, ConsensusLoop loop)
{
    internal void Register(IPeerNetwork network)
    {
        network.OnRequest(ChainMessages.GetBody, (_, query, _) => ValueTask.FromResult(FindBody(query)));
        network.OnRequest(ChainMessages.GetBlocks, (_, query, _) => ValueTask.FromResult(FindBlocks(query)));
    }

    private byte[]? FindBody(ReadOnlyMemory<byte> query)
    {
        if (!LbftMessageCodec.TryDecode(query.Span, 0, out LbftMessage? message, out _)
            || message is not LbftMessage.GetBody { Height: var height, Hash: var hash })
        {
            return null;
        }
        Block? body = loop.Open.Body(hash)
            ?? (context.Ledger.HashOf(height.Value) == hash ? context.Ledger.BlockByNumber(height.Value) : null);
        return body?.Encode();
    }

    private byte[]? FindBlocks(ReadOnlyMemory<byte> query)
    {
        if (!BlockRangeQuery.TryDecode(query.Span, out BlockRangeQuery range) || range.First == 0 || range.First > loop.Head)
        {
            return null;
        }
        List<(byte[] Block, byte[] Certificate)> found = [];
        int bytes = 0;
        for (ulong number = range.First; found.Count < range.Count && number <= loop.Head; number++)
        {
            if (context.Ledger.BlockByNumber(number) is not { } block || context.Ledger.CertificateOf(number) is not { } certificate)
            {
                break;
            }
            byte[] encoded = block.Encode();
            bytes += encoded.Length + certificate.Length;
            if (found.Count > 0 && bytes > ChainMessages.RangeBytesMax)
            {
                break;
            }
            found.Add((encoded, certificate));
        }
        return BlockRangeAnswer.Encode(found);
    }
}

using CPChain.Chain;
using CPChain.Consensus.Loop;
using CPChain.Crypto;
using CPChain.TxPool;
using CPChain.Types;

namespace CPChain.Consensus.Proposing;

/// <summary>Calls that a node makes with its own key; they go the way of every transaction. Used by the consensus loop alone.</summary>
internal sealed class OwnTransactions(LoopContext context, PrivateKey key)
{
    /// <summary>Hands a call to the own pool, at twice the present base fee at most; <paramref name="refused"/> is told why it was not taken.</summary>
    internal void Send(Address to, byte[] data, ulong gas, Action<string> refused)
    {
        UInt256 baseFee = context.Ledger.Head.BaseFeePerGas;
        UInt256 tip = UInt256.Max(UInt256.One, baseFee / 8UL);
        UnsignedTransaction call = UnsignedTransaction.FeeMarket(
            context.Rules.ChainId, context.Pool.NextNonce(context.Identity), (baseFee * 2UL) + tip, tip, gas) with
        {
            To = to,
            Data = data,
        };
        Transaction signed = Transaction.Sign(call, key);
        context.Background(async () =>
        {
            PoolAnswer answer = await context.Pool.SubmitAsync(signed, CancellationToken.None).ConfigureAwait(false);
            if (!answer.Fault.IsNone)
            {
                refused(answer.Fault.ToString());
            }
        });
    }
}

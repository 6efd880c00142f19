using System.Text.Json;
using CPChain.Chain;
using CPChain.Rpc.Protocol;

namespace CPChain.Rpc.Methods;

/// <summary>The transactions that one batch sends: their senders are found together, at a third of the cost.</summary>
internal sealed class SentTogether
{
    private readonly Transaction?[] _transactions;

    private SentTogether(JsonElement[] parameters, RpcNode node)
    {
        _transactions = new Transaction?[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            // What cannot be read is read again by its own request, which says why.
            if (parameters[i].ValueKind == JsonValueKind.Array && parameters[i].GetArrayLength() > 0
                && JsonFields.TryBytes(parameters[i][0], out byte[] bytes)
                && Transaction.TryDecode(bytes, out Transaction? transaction, out _, node.Pool.EnvelopeBytesMax))
                _transactions[i] = transaction;
        }

        node.Pool.RecoverSenders([.. _transactions.OfType<Transaction>()]);
    }

    /// <summary>The transaction of a request, where it came in a batch and can be read.</summary>
    public static Transaction? Of(RpcArguments a, RpcNode node) =>
        a.Batch?.Shared(TransactionMethods.Send, parameters => new SentTogether(parameters, node))._transactions[a.Place];
}

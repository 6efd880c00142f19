using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>Why a transaction failed in its block: it is tried again on the state before.</summary>
internal static class RevertReasons
{
    /// <summary>The failure to throw; reason and error as far as the node can still tell them.</summary>
    public static async Task<TransactionFailedException> FindAsync(
        ChainClient client, ReceiptInfo receipt, Func<byte[], string>? describe, Func<byte[], ContractError?>? decode,
        CancellationToken cancel)
    {
        TransactionInfo? sent = await client.GetTransactionAsync(receipt.TransactionHash, cancel).ConfigureAwait(false);
        string reason = "it reverted";
        ContractError? error = null;
        if (sent is not null)
        {
            try
            {
                CallRequest again = new(sent.To, sent.Data) { From = sent.From, Value = sent.Value, GasLimit = sent.GasLimit };
                await client.CallAsync(again, receipt.BlockNumber - 1, cancel).ConfigureAwait(false);
                if (receipt.GasUsed == sent.GasLimit) reason = "it ran out of gas";
            }
            catch (RpcException e) when (e.ErrorData is { } data)
            {
                error = decode?.Invoke(data) ?? ContractError.DecodePlain(data) ?? new UnknownRevert(data);
                reason = describe?.Invoke(data) ?? error.ToString();
            }
            catch (RpcException e)
            {
                reason = e.NodeMessage;
            }
        }
        return new TransactionFailedException(receipt.TransactionHash, receipt.BlockNumber, reason, error);
    }
}

using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>
/// Sends one account's transactions and keeps count of its nonces; safe for many callers at once. It does not own the
/// key. When the node says that the nonce is used, the count is read anew and the transaction sent once more.
/// </summary>
public sealed class AccountSender : IDisposable
{
    private readonly ChainClient _client;
    private readonly PrivateKey _key;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private ulong? _nextNonce;

    public AccountSender(ChainClient client, PrivateKey key)
    {
        (_client, _key) = (client, key);
        Address = key.Address;
    }

    public ChainClient Client => _client;

    public Address Address { get; }

    /// <summary>How long <see cref="SendAndWaitAsync"/> waits for the block.</summary>
    public TimeSpan ReceiptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Signs and hands in a type-2 transaction; <paramref name="to"/> null creates a contract. Without a gas limit the
    /// node estimates, and a quarter is added for what changes until the block.
    /// </summary>
    public Task<Hash256> SendAsync(
        Address? to, ReadOnlyMemory<byte> data, UInt256 value = default, ulong? gasLimit = null, CancellationToken cancel = default) =>
        SendAsync(to, data, value, gasLimit, gasReserve: 0, cancel);

    /// <summary>The same with gas on top of an estimate, for what others may change until the block.</summary>
    internal async Task<Hash256> SendAsync(
        Address? to, ReadOnlyMemory<byte> data, UInt256 value, ulong? gasLimit, ulong gasReserve, CancellationToken cancel)
    {
        CallRequest call = new(to, data) { From = Address, Value = value };
        ulong gas = gasLimit ?? await EstimateAsync(call, cancel).ConfigureAwait(false) + gasReserve;
        FeeSuggestion fees = await _client.SuggestFeesAsync(cancel).ConfigureAwait(false);
        ulong chainId = await _client.GetChainIdAsync(cancel).ConfigureAwait(false);
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            bool isFresh = _nextNonce is null;
            while (true)
            {
                ulong nonce = _nextNonce ??= await _client.GetTransactionCountAsync(Address, BlockTag.Pending, cancel)
                    .ConfigureAwait(false);
                UnsignedTransaction unsigned =
                    UnsignedTransaction.FeeMarket(chainId, nonce, fees.MaxFeePerGas, fees.MaxPriorityFeePerGas, gas)
                    with
                    { To = to, Value = value, Data = data };
                Transaction transaction = Transaction.Sign(unsigned, _key);
                try
                {
                    await _client.SendRawTransactionAsync(transaction.Encoded, cancel).ConfigureAwait(false);
                    _nextNonce = nonce + 1;
                    return transaction.Hash;
                }
                catch (RpcException refusal) when (refusal.NodeMessage == "already known")
                {
                    _nextNonce = nonce + 1;
                    return transaction.Hash;
                }
                catch (RpcException refusal) when (IsAboutNonce(refusal) && !isFresh)
                {
                    (_nextNonce, isFresh) = (null, true);
                }
                catch
                {
                    _nextNonce = null;
                    throw;
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends, waits for the block, and throws when the transaction failed in it.</summary>
    public async Task<ReceiptInfo> SendAndWaitAsync(
        Address? to, ReadOnlyMemory<byte> data, UInt256 value = default, ulong? gasLimit = null, CancellationToken cancel = default)
    {
        Hash256 hash = await SendAsync(to, data, value, gasLimit, cancel).ConfigureAwait(false);
        ReceiptInfo receipt = await _client.WaitForReceiptAsync(hash, ReceiptTimeout, cancel).ConfigureAwait(false);
        return receipt.Success ? receipt : throw new TransactionFailedException(hash, receipt.BlockNumber, "it reverted");
    }

    public void Dispose() => _turn.Dispose();

    private async Task<ulong> EstimateAsync(CallRequest call, CancellationToken cancel)
    {
        ulong gas = await _client.EstimateGasAsync(call, cancel).ConfigureAwait(false);
        return gas + gas / 4;
    }

    private static bool IsAboutNonce(RpcException refusal) =>
        refusal.NodeMessage.Contains("nonce", StringComparison.OrdinalIgnoreCase)
        || refusal.NodeMessage.Contains("underpriced", StringComparison.OrdinalIgnoreCase);
}

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

    public AccountSender(ChainClient client, LocalAccount account)
        : this(client, account.Key)
    {
    }

    public ChainClient Client => _client;

    public Address Address { get; }

    /// <summary>How long is waited for the block of a transaction.</summary>
    public TimeSpan ReceiptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Sends coins, in base units; <see cref="Coins.Cpc"/> makes them of a decimal number.</summary>
    public Task<PendingTransaction> TransferAsync(
        Address to, UInt256 amount, SendOptions? options = null, CancellationToken cancel = default) =>
        SendAsync(new TransactionRequest(to) { Value = amount, Options = options ?? SendOptions.Default }, cancel);

    /// <summary>Works out what is left out, signs, and hands in.</summary>
    public async Task<PendingTransaction> SendAsync(TransactionRequest request, CancellationToken cancel = default) =>
        new(_client, await SubmitAsync(request, cancel).ConfigureAwait(false), ReceiptTimeout);

    /// <summary>
    /// Signs and hands in a type-2 transaction; <paramref name="to"/> null creates a contract. Without a gas limit the
    /// node estimates, and a quarter is added for what changes until the block.
    /// </summary>
    public Task<Hash256> SendAsync(
        Address? to, ReadOnlyMemory<byte> data, UInt256 value = default, ulong? gasLimit = null, CancellationToken cancel = default) =>
        SubmitAsync(new TransactionRequest(to) { Data = data, Value = value, Options = new SendOptions { GasLimit = gasLimit } }, cancel);

    /// <summary>Sends, waits for the block, and throws when the transaction failed in it.</summary>
    public async Task<ReceiptInfo> SendAndWaitAsync(
        Address? to, ReadOnlyMemory<byte> data, UInt256 value = default, ulong? gasLimit = null, CancellationToken cancel = default)
    {
        Hash256 hash = await SendAsync(to, data, value, gasLimit, cancel).ConfigureAwait(false);
        return await new PendingTransaction(_client, hash, ReceiptTimeout).WaitAsync(cancel).ConfigureAwait(false);
    }

    public void Dispose() => _turn.Dispose();

    internal async Task<Hash256> SubmitAsync(TransactionRequest request, CancellationToken cancel)
    {
        UnsignedTransaction plan = await PlanAsync(request, cancel).ConfigureAwait(false);
        if (request.Options.Nonce is { } own) return await HandInAsync(plan with { Nonce = own }, cancel).ConfigureAwait(false);
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            bool isFresh = _nextNonce is null;
            while (true)
            {
                ulong nonce = _nextNonce ??= await _client.GetTransactionCountAsync(Address, BlockTag.Pending, cancel)
                    .ConfigureAwait(false);
                try
                {
                    Hash256 hash = await HandInAsync(plan with { Nonce = nonce }, cancel).ConfigureAwait(false);
                    _nextNonce = nonce + 1;
                    return hash;
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

    /// <summary>Gas, fees and chain id; the nonce is for the caller.</summary>
    private async Task<UnsignedTransaction> PlanAsync(TransactionRequest request, CancellationToken cancel)
    {
        SendOptions options = request.Options;
        ulong gas = options.GasLimit ?? await EstimateAsync(request, cancel).ConfigureAwait(false) + options.GasReserve;
        FeeSuggestion fees = await FeesAsync(options, cancel).ConfigureAwait(false);
        TxType type = options.Authorizations.IsEmpty ? options.Type : TxType.SetCode;
        bool isMarket = type is TxType.FeeMarket or TxType.SetCode;
        return new UnsignedTransaction
        {
            Type = type,
            ChainId = await _client.GetChainIdAsync(cancel).ConfigureAwait(false),
            Nonce = 0,
            MaxFeePerGas = fees.MaxFeePerGas,
            MaxPriorityFeePerGas = isMarket ? fees.MaxPriorityFeePerGas : fees.MaxFeePerGas,
            GasLimit = gas,
            To = request.To,
            Value = request.Value,
            Data = request.Data,
            AccessList = options.AccessList,
            Authorizations = options.Authorizations,
        };
    }

    private async Task<Hash256> HandInAsync(UnsignedTransaction unsigned, CancellationToken cancel)
    {
        Transaction transaction = Transaction.Sign(unsigned, _key);
        try
        {
            await _client.SendRawTransactionAsync(transaction.Encoded, cancel).ConfigureAwait(false);
        }
        catch (RpcException refusal) when (refusal.NodeMessage == "already known")
        {
            // The answer to an earlier try was lost.
        }
        return transaction.Hash;
    }

    private async Task<FeeSuggestion> FeesAsync(SendOptions options, CancellationToken cancel)
    {
        if (options is { MaxFeePerGas: { } fee, MaxPriorityFeePerGas: { } tip }) return new FeeSuggestion(fee, tip);
        FeeSuggestion usual = await _client.SuggestFeesAsync(cancel).ConfigureAwait(false);
        UInt256 most = options.MaxFeePerGas ?? usual.MaxFeePerGas;
        UInt256 priority = options.MaxPriorityFeePerGas ?? UInt256.Min(usual.MaxPriorityFeePerGas, most);
        return new FeeSuggestion(options.MaxFeePerGas is null ? UInt256.Max(most, priority) : most, priority);
    }

    private async Task<ulong> EstimateAsync(TransactionRequest request, CancellationToken cancel)
    {
        CallRequest call = new(request.To, request.Data)
        {
            From = Address,
            Value = request.Value,
            AccessList = request.Options.AccessList,
            Authorizations = request.Options.Authorizations,
        };
        ulong gas = await _client.EstimateGasAsync(call, cancel).ConfigureAwait(false);
        return gas + gas / 4;
    }

    private static bool IsAboutNonce(RpcException refusal) =>
        refusal.NodeMessage.Contains("nonce", StringComparison.OrdinalIgnoreCase)
        || refusal.NodeMessage.Contains("underpriced", StringComparison.OrdinalIgnoreCase);
}

using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>A transaction that a node has accepted. It is in no block yet, or nobody has looked.</summary>
public sealed class PendingTransaction(ChainClient client, Hash256 hash, TimeSpan timeout, Contract? contract = null)
{
    public Hash256 Hash => hash;

    /// <summary>Waits for its block as long as the sender waits; the block is final.</summary>
    /// <exception cref="TransactionFailedException">It failed in the block; the exception has the reason.</exception>
    /// <exception cref="ReceiptTimeoutException">It is in no block yet.</exception>
    public Task<ReceiptInfo> WaitAsync(CancellationToken cancel = default) => WaitAsync(timeout, cancel);

    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    public async Task<ReceiptInfo> WaitAsync(TimeSpan within, CancellationToken cancel = default)
    {
        ReceiptInfo receipt = await client.WaitForReceiptAsync(hash, within, cancel).ConfigureAwait(false);
        if (receipt.Success) return receipt;
        throw await RevertReasons.FindAsync(
            client, receipt, contract is null ? null : data => contract.ReasonOf(data),
            contract is null ? null : contract.ErrorOf, cancel).ConfigureAwait(false);
    }

    public override string ToString() => hash.ToString();
}

/// <summary>A deployment that a node has accepted.</summary>
public sealed class PendingDeployment<TContract>(PendingTransaction transaction, Func<Address, TContract> at)
{
    public Hash256 Hash => transaction.Hash;

    /// <summary>Waits until the contract is on the chain.</summary>
    /// <exception cref="TransactionFailedException">The constructor failed.</exception>
    public async Task<TContract> WaitAsync(CancellationToken cancel = default)
    {
        ReceiptInfo receipt = await transaction.WaitAsync(cancel).ConfigureAwait(false);
        return at(receipt.ContractAddress ?? throw new BadAnswerException("a deployment", "its receipt names no contract"));
    }
}

/// <summary>Sending and waiting in one expression.</summary>
public static class PendingExtensions
{
    /// <summary>Waits for the block too.</summary>
    public static async Task<ReceiptInfo> AndWaitAsync(this Task<PendingTransaction> sending, CancellationToken cancel = default) =>
        await (await sending.ConfigureAwait(false)).WaitAsync(cancel).ConfigureAwait(false);

    /// <summary>Waits until the contract is on the chain too.</summary>
    public static async Task<TContract> AndWaitAsync<TContract>(
        this Task<PendingDeployment<TContract>> sending, CancellationToken cancel = default) =>
        await (await sending.ConfigureAwait(false)).WaitAsync(cancel).ConfigureAwait(false);
}

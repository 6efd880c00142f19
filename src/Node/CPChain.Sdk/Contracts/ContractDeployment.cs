using CPChain.Sdk.Abi;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>Puts a contract on the chain.</summary>
public static class ContractDeployment
{
    /// <summary>Sends code and constructor arguments; <paramref name="at"/> makes the contract of its address.</summary>
    /// <exception cref="ContractRefusalException">The constructor would revert: nothing was sent.</exception>
    public static async Task<PendingDeployment<TContract>> SendAsync<TContract>(
        AccountSender sender, ContractAbi abi, ReadOnlyMemory<byte> bytecode, IReadOnlyList<object> arguments, UInt256 value,
        SendOptions? options, Func<Address, TContract> at, Func<byte[], ContractError?>? decodeError = null,
        CancellationToken cancel = default)
    {
        if (bytecode.IsEmpty) throw new ArgumentException("A deployment needs the compiler's bytecode.", nameof(bytecode));
        TransactionRequest request = new((Address?)null)
        {
            Data = abi.EncodeDeployment(bytecode.Span, arguments),
            Value = value,
            Options = options ?? SendOptions.Default,
        };
        Contract described = new(sender.Client, default, abi, decodeError);
        try
        {
            Hash256 hash = await sender.SubmitAsync(request, cancel).ConfigureAwait(false);
            return new PendingDeployment<TContract>(new PendingTransaction(sender.Client, hash, sender.ReceiptTimeout, described), at);
        }
        catch (RpcException refusal) when (refusal.ErrorData is { } data)
        {
            throw new ContractRefusalException("the constructor", described.ReasonOf(data), data, described.ErrorOf(data));
        }
    }
}

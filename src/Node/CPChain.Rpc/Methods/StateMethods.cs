using CPChain.Execution;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>eth_*: accounts, code and storage.</summary>
internal static class StateMethods
{
    public static void Add(MethodTable table, RpcNode node)
    {
        ChainReader chain = node.Chain;
        table.Add("eth_getBalance", a => Read(a, chain, 1, (state, address) =>
            RpcAnswer.Quantity(state.TryGetAccount(address, out Account account) ? account.Balance : UInt256.Zero)));
        table.Add("eth_getCode", a => Read(a, chain, 1, (state, address) =>
            RpcAnswer.Bytes(state.TryGetAccount(address, out Account account) ? state.GetCode(account.CodeHash).Span : [])));
        table.Add("eth_getTransactionCount", a => TransactionCount(a, node));
        table.Add("eth_getStorageAt", a =>
        {
            UInt256 slot = a.Slot(1);
            return Read(a, chain, 2, (state, address) => RpcAnswer.Bytes(state.GetStorage(address, slot).ToBigEndian()));
        });
    }

    private static RpcAnswer Read(
        RpcArguments a, ChainReader chain, int blockIndex, Func<IStateView, Address, RpcAnswer> read)
    {
        Address address = a.Address(0);
        BlockSelector selector = a.Block(blockIndex);
        if (a.Fault is { } fault) return fault;
        using StateLease lease = chain.StateOf(selector);
        return lease.Fault is { } missing ? missing : read(lease.State, address);
    }

    private static RpcAnswer TransactionCount(RpcArguments a, RpcNode node)
    {
        Address address = a.Address(0);
        BlockSelector selector = a.Block(1);
        if (a.Fault is { } fault) return fault;
        using StateLease lease = node.Chain.StateOf(selector);
        if (lease.Fault is { } missing) return missing;
        ulong count = lease.State.TryGetAccount(address, out Account account) ? account.Nonce : 0;
        return RpcAnswer.Quantity(selector.IsPending ? Math.Max(count, node.Pool.NextNonce(address)) : count);
    }
}

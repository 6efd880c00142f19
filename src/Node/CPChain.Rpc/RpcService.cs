using System.Buffers;
using CPChain.Rpc.Discovery;
using CPChain.Rpc.Methods;
using CPChain.Rpc.Methods.Elections;
using CPChain.Rpc.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CPChain.Rpc;

/// <summary>The methods over one backend, without a network: bytes of a request in, bytes of the answer out.</summary>
public sealed class RpcService : IDisposable
{
    private readonly WorkTurns _turns = new();

    /// <summary>All methods of a node.</summary>
    public RpcService(RpcOptions options, RpcBackend backend, ILogger? logger = null)
        : this(options, new RpcNode(backend), logger ?? NullLogger.Instance)
    {
    }

    internal RpcService(RpcOptions options, RpcNode node, ILogger logger) =>
        Dispatcher = new Dispatcher(TableOf(node, _turns, options), options, logger);

    internal Dispatcher Dispatcher { get; }

    /// <summary>The answer to a request or a batch; empty when it held only notifications.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        ArrayBufferWriter<byte>? answer = await Dispatcher.AnswerAsync(body, cancel).ConfigureAwait(false);
        return answer?.WrittenMemory ?? default;
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private static MethodTable TableOf(RpcNode node, WorkTurns turns, RpcOptions options)
    {
        MethodTable table = new();
        Web3Methods.Add(table, node);
        NetMethods.Add(table, node);
        ChainMethods.Add(table, node);
        BlockMethods.Add(table, node);
        TransactionMethods.Add(table, node);
        StateMethods.Add(table, node);
        ProofMethods.Add(table, node, turns);
        TxPoolMethods.Add(table, node);
        CpcMethods.Add(table, node);
        EvidenceMethods.Add(table, node);
        TermMethods.Add(table, node);
        CommitteeMethods.Add(table, node);
        SnapshotMethods.Add(table, node);
        ReputationMethods.Add(table, node, turns);
        AdmissionMethods.Add(table, node, turns);
        EconomyMethods.Add(table, node);
        RawMethods.Add(table, node);
        DiscoverMethods.Add(table, node);
        new CallMethods(node, options, turns).Add(table);
        new SimulateMethods(node, options, turns).Add(table);
        new TraceMethods(node, options, turns).Add(table);
        SubscriptionMethods.Add(table, options);
        new FeeMethods(node, options).Add(table);
        new LogMethods(node, options).Add(table);
        return table;
    }
}

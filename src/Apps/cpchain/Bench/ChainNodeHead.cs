using System.Diagnostics;
using CPChain.App.Devnet;
using CPChain.Ledger;

namespace CPChain.App.Bench;

/// <summary>The final blocks of the front node of a network in this process.</summary>
internal sealed class ChainNodeHead(LocalNetwork network)
{
    private ChainServer Server => (ChainServer)((LocalNode)network.Node(network.Folder.Plan.Front.Name)).Running!;

    public Task WaitForBlockAsync(ulong number, CancellationToken cancel) => Server.Node.WaitForBlockAsync(number, cancel);

    /// <summary>Completes when so many transactions are final; gives the blocks they took and the time.</summary>
    public async Task<(ulong Blocks, TimeSpan Took)> WaitForTransactionsAsync(int count, Stopwatch watch, CancellationToken cancel)
    {
        TaskCompletionSource<(ulong, TimeSpan)> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int seen = 0;
        ulong blocks = 0;
        using IDisposable subscription = Server.Node.Ledger.SubscribeFinalized(Count);
        return await done.Task.WaitAsync(cancel);

        void Count(FinalizedBlock final)
        {
            if (final.Block.Transactions.IsEmpty) return;
            blocks++;
            if ((seen += final.Block.Transactions.Length) >= count) done.TrySetResult((blocks, watch.Elapsed));
        }
    }
}

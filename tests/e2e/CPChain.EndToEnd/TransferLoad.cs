using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.EndToEnd;

/// <summary>Transfers without end from several accounts, each through a node of its own; what is acknowledged is remembered.</summary>
internal sealed class TransferLoad(ChainMemory memory)
{
    private const int Accounts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>Ends when cancelled; a node that is gone is tried again until then.</summary>
    public Task RunAsync(RunningDevnet devnet, CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, Accounts).Select(account => SendAsync(devnet, account, stopping)));

    private async Task SendAsync(RunningDevnet devnet, int account, CancellationToken stopping)
    {
        // Proposers and validators in turn: names are in the order of the plan, proposers first.
        string node = devnet.Names[account * devnet.Names.Count / Accounts];
        using PrivateKey key = DevnetAccounts.Key(account);
        using AccountSender sender = new(devnet.Client(node), key);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Hash256 hash = await sender.SendAsync(DevnetAccounts.At(9), default, UInt256.One, gasLimit: 21_000, stopping);
                memory.Acknowledged(node, hash);
                await Task.Delay(Pause, stopping);
            }
            catch (Exception failure) when (failure is ChainClientException or OperationCanceledException)
            {
                if (failure is RpcException refusal) memory.Refused(refusal.Message);
            }
        }
    }
}

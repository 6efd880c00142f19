using CPChain.App.Devnet;
using CPChain.Pdash.Progress;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.App.Demo;

/// <summary>A proposer that is killed and a validator that is away: the chain goes on.</summary>
public sealed class NodeFaults(DemoScene scene, DemoLog log)
{
    private const ulong BlocksWithout = 3;

    public async Task ShowAsync(CancellationToken cancel)
    {
        await log.CheckAsync(PlatformLayer.Control, "A killed proposer's block number is filled by an impeach block", () => KillProposerAsync(cancel));
        await log.CheckAsync(PlatformLayer.Control, "One validator of four is stopped: the chain goes on, and it catches up", () => StopValidatorAsync(cancel));
    }

    private async Task<(bool Passed, string Proven)> KillProposerAsync(CancellationToken cancel)
    {
        Address front = Address.Parse(scene.Network.Folder.Plan.Front.Address);
        ulong number = await scene.Client.GetBlockNumberAsync(cancel) + 2;
        Address due = front;
        for (; due == front; number++) due = await scene.Client.GetProposerAsync(number, cancel) ?? front;
        number--;
        string victim = due.ToString();
        INetworkNode node = scene.Network.Nodes.First(other => other.Plan.Address == victim);
        await node.KillAsync();
        await scene.WaitForBlockAsync(number, cancel);
        BlockInfo block = (await scene.Client.GetBlockAsync(number, cancel))!;
        await node.StartAsync(cancel);
        return (block.Coinbase.IsZero, $"{node.Plan.Name} was due at block {number}, which is impeach block {block.Hash}");
    }

    private async Task<(bool Passed, string Proven)> StopValidatorAsync(CancellationToken cancel)
    {
        INetworkNode node = scene.Network.Nodes.Last(other => other.Plan.Role == NodeRole.Validator);
        await node.StopAsync();
        ulong from = await scene.Client.GetBlockNumberAsync(cancel);
        ulong without = await scene.WaitForBlockAsync(from + BlocksWithout, cancel);
        await node.StartAsync(cancel);
        using ChainClient its = new(LocalNetwork.RpcUrlOf(node.Plan));
        ulong head = await scene.Client.GetBlockNumberAsync(cancel);
        await foreach (ulong own in new HeadWatch(its, TimeSpan.FromMilliseconds(scene.Genesis.Times.PeriodMs / 4)).NumbersAsync(cancel))
        {
            if (own >= head) break;
        }

        BlockInfo? mine = await its.GetBlockAsync(head, cancel);
        BlockInfo? theirs = await scene.Client.GetBlockAsync(head, cancel);
        return (without >= from + BlocksWithout && mine is not null && mine.Hash == theirs!.Hash,
            $"{without - from} blocks without {node.Plan.Name}; after its start it has block {head}, the same as everybody's");
    }
}

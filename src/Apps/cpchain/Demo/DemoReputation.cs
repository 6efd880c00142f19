using CPChain.App.Devnet;
using CPChain.Crypto;
using CPChain.Pdash.Progress;
using CPChain.Sdk;
using CPChain.Sdk.Contracts.Generated;
using CPChain.Sdk.Elections;
using CPChain.Types;
using Deployed = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.App.Demo;

/// <summary>Seller and proxies are RNodes, so what they do on the market counts for them when proposers are elected (D4.2, D6).</summary>
public sealed class DemoReputation(DemoScene scene, DemoLog log)
{
    private const uint Version = 1;

    /// <summary>All of them join the pool with the least deposit, each with its own key.</summary>
    public async Task JoinAsync(Address seller, CancellationToken cancel)
    {
        RNodePool pool = new(scene.Client, Deployed.RNodePool.Address);
        UInt256 least = await new Parameters(scene.Client, Deployed.Parameters.Address).ValueOfAsync(
            (UInt256)(ulong)Sdk.Contracts.ContractParameter.JoiningDeposit, cancel: cancel);
        string[] folders =
        [
            Path.Combine(scene.Network.Folder.Root, "people", "seller"),
            .. scene.Network.Folder.Plan.Of(NodeRole.Proxy).Select(scene.Network.Folder.FolderOf),
        ];
        await log.CheckAsync(PlatformLayer.Control, "Seller and proxies join the RNode pool", async () =>
        {
            await Task.WhenAll(folders.Select(async folder =>
            {
                using PrivateKey key = Identities.OpenOrCreate(folder, scene.Network.Folder.PassphrasePath);
                using AccountSender sender = new(scene.Client, key);
                await (await pool.JoinAsync(sender, Version, least, cancel: cancel)).WaitAsync(cancel: cancel);
            }));
            bool isIn = await pool.IsRNodeAsync(seller, cancel: cancel);
            return (isIn, $"{folders.Length} deposits of {Units.FormatCpc(least)}; the market's events now count for who made them");
        });
    }

    /// <summary>The sales that settled are deeds of the seller, and the receipts of the proxies.</summary>
    public Task ShowAsync(Address seller, CancellationToken cancel) =>
        log.CheckAsync(PlatformLayer.Control, "The settled sales move the seller's and the proxies' reputation", async () =>
        {
            DporViews dpor = new(scene.Client, Deployed.Dpor.Address);
            ulong term = await dpor.CurrentTermAsync(cancel: cancel);
            (uint sales, uint uploads) = (0, 0);
            uint receipts = 0;
            for (ulong past = term < 15 ? 0 : term - 15; past <= term; past++)
            {
                DporViews.Deeds own = await dpor.DeedsOfAsync(seller, past, cancel: cancel);
                (sales, uploads) = (sales + own.Sales, uploads + own.Uploads);
                foreach (Address proxy in scene.Proxies) receipts += (await dpor.DeedsOfAsync(proxy, past, cancel: cancel)).Receipts;
            }

            ReputationInfo reputation = await scene.Client.GetReputationAsync(seller, cancel: cancel);
            return (sales >= 2 && uploads >= 1 && receipts >= 2 && reputation.IsRNode,
                $"{sales} sales and {uploads} records of the seller, {receipts} receipts of proxies; its RPT is {reputation.Rpt} of 10,000");
        });
}

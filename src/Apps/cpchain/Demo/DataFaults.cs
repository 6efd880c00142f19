using System.Security.Cryptography;
using CPChain.App.Demo.People;
using CPChain.App.Devnet;
using CPChain.Data.Blocks;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Pdash;
using CPChain.Pdash.Attack;
using CPChain.Pdash.Progress;
using CPChain.Pdash.Proxies;
using CPChain.Pdash.Storage;
using CPChain.Pre.Fragments;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;
using CPChain.Types;

namespace CPChain.App.Demo;

/// <summary>Damaged shards, missing nodes, and everybody who tries to read without the right to.</summary>
public sealed class DataFaults(DemoScene scene, DemoLog log, IBlockCipher? cipher)
{
    private DemoSale Sale => scene.Sale!;

    private Manifest Manifest => scene.Collected!.Uploads[0].Manifest;

    public async Task ShowAsync(CancellationToken cancel)
    {
        await log.CheckAsync(PlatformLayer.Data, "A flipped bit in a stored shard is found and made good", () => FlipBitAsync(cancel));
        await log.CheckAsync(PlatformLayer.Data, "Two storage nodes of six stop, and the data still comes back", () => StopStorageAsync(cancel));
        await using TakenBuyer buyer = await Sale.Buyer.TakeAsync(Sale.Purchase.Order.Id, cancel);
        await using TakenBuyer researcher = await scene.SmallSale!.Buyer.TakeAsync(scene.SmallSale.Purchase.Order.Id, cancel);
        await log.CheckAsync(PlatformLayer.Data, "A stranger cannot decrypt", () => TryAsStrangerAsync(buyer, cancel));
        await log.CheckAsync(PlatformLayer.Data, "One proxy cannot decrypt, two with the buyer's key can", () => TryAsProxiesAsync(buyer, cancel));
        await log.CheckAsync(PlatformLayer.Data, "A buyer of one interval cannot open the next", () => TryNextIntervalAsync(researcher, cancel));
    }

    private async Task<(bool Passed, string Proven)> FlipBitAsync(CancellationToken cancel)
    {
        ManifestBlock block = Manifest.Blocks[0];
        Address holder = Placement.Spread(block.ShardIds, scene.StorageNodes)[0];
        PlannedNode node = scene.Network.Folder.Plan.Nodes.First(other => other.Address == holder.ToString());
        ContentStore content = new(Path.Combine(scene.Network.Folder.FolderOf(node), "data", "content"), long.MaxValue);
        bool flipped = StoredDamage.FlipBit(content, block.ShardIds[0], hides: true);
        Fetched again = await Sale.Buyer.RefetchAsync(Sale.Purchase.Order.Id, cancel);
        bool passed = flipped && again.DamagedShards == 1 && again.Digest == Sale.Fetched.Digest;
        StoredDamage.FlipBit(content, block.ShardIds[0], hides: true);
        return (passed, $"{node.Name} returned a shard that does not match its root; block 0 was joined from the others, all {again.Blocks} are the same");
    }

    private async Task<(bool Passed, string Proven)> StopStorageAsync(CancellationToken cancel)
    {
        INetworkNode[] stopped = [.. scene.Network.Nodes.Where(node => node.Plan.Role == NodeRole.Storage).Take(2)];
        foreach (INetworkNode node in stopped) await node.StopAsync();
        Fetched again = await Sale.Buyer.RefetchAsync(Sale.Purchase.Order.Id, cancel);
        foreach (INetworkNode node in stopped) await node.StartAsync(cancel);
        bool passed = again.Digest == Sale.Fetched.Digest && again.UnreachableNodes.Count > 0;
        return (passed, $"{string.Join(" and ", stopped.Select(node => node.Plan.Name))} were away; all {again.Blocks} blocks were joined and verified");
    }

    private async Task<(bool Passed, string Proven)> TryAsStrangerAsync(TakenBuyer buyer, CancellationToken cancel)
    {
        using BuyerKey key = BuyerKey.Generate(RandomNumberGenerator.Fill);
        byte[] ciphertext = await CiphertextAsync(buyer, Manifest, Manifest.Blocks[0], cancel);
        OpeningAttempt attempt = new(Sale.Purchase, Manifest, Manifest.Blocks[0].Header, ciphertext, cipher);
        Grant grant = await buyer.GrantAsync(cancel);
        byte[][] publicBytes = [ciphertext, Manifest.Encode(), Sale.Purchase.Terms.Encode(), grant.Encode()];
        bool opened = attempt.OpensWith([], grant, key, Now(), RandomNumberGenerator.Fill) || attempt.OpensWithAnyKeyIn(publicBytes);
        return (!opened, "ciphertext, manifest, terms and grant together hold no key that opens block 0");
    }

    private async Task<(bool Passed, string Proven)> TryAsProxiesAsync(TakenBuyer taken, CancellationToken cancel)
    {
        byte[] ciphertext = await CiphertextAsync(taken, Manifest, Manifest.Blocks[0], cancel);
        OpeningAttempt attempt = new(Sale.Purchase, Manifest, Manifest.Blocks[0].Header, ciphertext, cipher);
        Grant grant = await taken.GrantAsync(cancel);
        List<KeyFragment> fragments = [];
        try
        {
            List<byte[]> store = [];
            foreach (INetworkNode node in scene.Network.Nodes.Where(node => node.Plan.Role == NodeRole.Proxy).Take(2))
            {
                if (fragments.Count == 0) store = [.. Directory.EnumerateFiles(scene.Network.Folder.FolderOf(node.Plan), "*", SearchOption.AllDirectories).Select(File.ReadAllBytes)];
                if (await RevealAsync(node, cancel) is { } fragment) fragments.Add(fragment);
            }

            using BuyerKey buyer = taken.Buyer.RevealKey();
            using BuyerKey nobody = BuyerKey.Generate(RandomNumberGenerator.Fill);
            store.Add(fragments[0].Encode());
            bool alone = attempt.OpensWith([fragments[0]], grant, nobody, Now(), RandomNumberGenerator.Fill)
                || attempt.OpensWith([fragments[0]], grant, buyer, Now(), RandomNumberGenerator.Fill)
                || attempt.OpensWithAnyKeyIn(store);
            bool together = attempt.OpensWith(fragments, grant, buyer, Now(), RandomNumberGenerator.Fill);
            return (!alone && together,
                $"{store.Count} files and the fragment of one proxy open nothing, even with the buyer's key; the same attempt with two proxies and that key opens");
        }
        finally
        {
            foreach (KeyFragment fragment in fragments) fragment.Dispose();
        }
    }

    // A proxy's store is opened with its own identity while it is down, as somebody would who has taken the machine.
    private async Task<KeyFragment?> RevealAsync(INetworkNode node, CancellationToken cancel)
    {
        await node.StopAsync();
        KeyFragment? fragment;
        string folder = scene.Network.Folder.FolderOf(node.Plan);
        NodeConfig config = DevnetFolder.ReadJson(Path.Combine(folder, NodeConfig.FileName), DevnetJson.Default.NodeConfig);
        using (ParticipantFolder opened = ParticipantFolder.Open(folder, config, NodeHooks.None))
        {
            await using ProxyNode proxy = new(opened.Options);
            fragment = proxy.RevealFragment(Sale.Purchase.Order.Id);
        }

        await node.StartAsync(cancel);
        return fragment;
    }

    private async Task<(bool Passed, string Proven)> TryNextIntervalAsync(TakenBuyer researcher, CancellationToken cancel)
    {
        KeyBundle keys = researcher.Bought.Keys;
        bool derived = keys.TryIntervalKey(1, out SymmetricKey? key);
        key?.Dispose();
        int own = 0;
        foreach (Manifest manifest in scene.Collected!.Uploads.Select(upload => upload.Manifest))
        {
            foreach (ManifestBlock block in manifest.Blocks.Where(block => block.Header.Interval <= 1))
            {
                byte[] ciphertext = await CiphertextAsync(researcher, manifest, block, cancel);
                bool opens = new OpeningAttempt(researcher.Bought.Purchase, manifest, block.Header, ciphertext, cipher).Opens(keys);
                if (opens && block.Header.Interval == 1) return (false, $"the key of interval 0 opened block {block.Header.Seq}");
                if (opens) own++;
            }
        }

        return (own > 0 && !derived, "the keys of interval 0 open its blocks and none of interval 1");
    }

    private static async Task<byte[]> CiphertextAsync(TakenBuyer reader, Manifest manifest, ManifestBlock block, CancellationToken cancel)
    {
        FetchedBlock fetched = await reader.Buyer.Storage.GetBlockAsync(block, manifest.Profile, cancel);
        return fetched.IsJoined ? fetched.Ciphertext : throw new CommandFault(
            $"block {block.Header.Seq} did not come back: {fetched.GoodShards} good shards.", "read the storage nodes' logs (--keep).",
            CommandFault.EnvironmentExitCode);
    }

    private static ulong Now() => (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}

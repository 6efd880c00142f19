using System.Security.Cryptography;
using CPChain.App.Devnet;
using CPChain.Data.Blocks;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Pdash;
using CPChain.Pdash.Attack;
using CPChain.Pdash.Buying;
using CPChain.Pdash.Progress;
using CPChain.Pdash.Proxies;
using CPChain.Pdash.Storage;
using CPChain.Pre.Fragments;
using CPChain.Pre.Keys;
using CPChain.Types;

namespace CPChain.App.Demo;

/// <summary>Damaged shards, missing nodes, and everybody who tries to read without the right to.</summary>
public sealed class DataFaults(DemoScene scene, DemoLog log, IBlockCipher? cipher)
{
    private DemoSale Sale => scene.Sale!;

    private Manifest Manifest => scene.Collected!.Uploads[0].Manifest;

    private byte[] Ciphertext => scene.Collected!.Uploads[0].Blocks[0].Sealed.Ciphertext;

    public async Task ShowAsync(CancellationToken cancel)
    {
        await log.CheckAsync(PlatformLayer.Data, "A flipped bit in a stored shard is found and made good", () => FlipBitAsync(cancel));
        await log.CheckAsync(PlatformLayer.Data, "Two storage nodes of six stop, and the data still comes back", () => StopStorageAsync(cancel));
        await log.CheckAsync(PlatformLayer.Data, "A stranger cannot decrypt", () => Task.FromResult(TryAsStranger()));
        await log.CheckAsync(PlatformLayer.Data, "One proxy cannot decrypt, two with the buyer's key can", () => TryAsProxiesAsync(cancel));
        await log.CheckAsync(PlatformLayer.Data, "A buyer of one interval cannot open the next", () => Task.FromResult(TryNextInterval()));
    }

    private async Task<(bool Passed, string Proven)> FlipBitAsync(CancellationToken cancel)
    {
        ManifestBlock block = Manifest.Blocks[0];
        Address[] nodes = [.. scene.StorageNodes.Select(node => node.Identity)];
        Address holder = Placement.Spread(block.ShardIds, nodes)[0];
        PlannedNode node = scene.Network.Folder.Plan.Nodes.First(other => other.Address == holder.ToString());
        ContentStore content = new(Path.Combine(scene.Network.Folder.FolderOf(node), "data", "content"), long.MaxValue);
        bool flipped = StoredDamage.FlipBit(content, block.ShardIds[0], hides: true);
        FetchedBlock fetched = await Sale.Buyer.Storage.GetBlockAsync(block, Manifest.Profile, cancel);
        bool passed = flipped && fetched.IsJoined && fetched.DamagedShards.Contains(0) && fetched.Ciphertext.AsSpan().SequenceEqual(Ciphertext);
        StoredDamage.FlipBit(content, block.ShardIds[0], hides: true);
        return (passed, $"{node.Name} returned a shard that does not match its root; {fetched.GoodShards} good ones joined block 0");
    }

    private async Task<(bool Passed, string Proven)> StopStorageAsync(CancellationToken cancel)
    {
        INetworkNode[] stopped = [.. scene.Network.Nodes.Where(node => node.Plan.Role == NodeRole.Storage).Take(2)];
        foreach (INetworkNode node in stopped) await node.StopAsync();
        Received again = await Sale.Buyer.FetchAsync(Sale.Purchase, Sale.Keys, Sale.Received.Proxies, cancel);
        foreach (INetworkNode node in stopped) await node.StartAsync(cancel);
        bool passed = again.File.AsSpan().SequenceEqual(Sale.Received.File) && again.UnreachableNodes.Count > 0;
        return (passed, $"{string.Join(" and ", stopped.Select(node => node.Plan.Name))} were away; all {again.Blocks} blocks were joined and verified");
    }

    private (bool Passed, string Proven) TryAsStranger()
    {
        using BuyerKey key = BuyerKey.Generate(RandomNumberGenerator.Fill);
        OpeningAttempt attempt = Attempt(Manifest.Blocks[0].Header, Ciphertext);
        byte[] grant = Sale.Grant.Grant.Encode();
        byte[][] publicBytes = [Ciphertext, Manifest.Encode(), Sale.Purchase.Terms.Encode(), grant];
        bool opened = attempt.OpensWith([], Sale.Grant.Grant, key, Now(), RandomNumberGenerator.Fill) || attempt.OpensWithAnyKeyIn(publicBytes);
        return (!opened, "ciphertext, manifest, terms and grant together hold no key that opens block 0");
    }

    private async Task<(bool Passed, string Proven)> TryAsProxiesAsync(CancellationToken cancel)
    {
        OpeningAttempt attempt = Attempt(Manifest.Blocks[0].Header, Ciphertext);
        List<KeyFragment> fragments = [];
        try
        {
            List<byte[]> store = [];
            foreach (INetworkNode node in scene.Network.Nodes.Where(node => node.Plan.Role == NodeRole.Proxy).Take(2))
            {
                if (fragments.Count == 0) store = [.. Directory.EnumerateFiles(scene.Network.Folder.FolderOf(node.Plan), "*", SearchOption.AllDirectories).Select(File.ReadAllBytes)];
                if (await RevealAsync(node, cancel) is { } fragment) fragments.Add(fragment);
            }

            using BuyerKey buyer = Sale.Buyer.RevealKey();
            using BuyerKey nobody = BuyerKey.Generate(RandomNumberGenerator.Fill);
            store.Add(fragments[0].Encode());
            bool alone = attempt.OpensWith([fragments[0]], Sale.Grant.Grant, nobody, Now(), RandomNumberGenerator.Fill)
                || attempt.OpensWith([fragments[0]], Sale.Grant.Grant, buyer, Now(), RandomNumberGenerator.Fill)
                || attempt.OpensWithAnyKeyIn(store);
            bool together = attempt.OpensWith(fragments, Sale.Grant.Grant, buyer, Now(), RandomNumberGenerator.Fill);
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

    private (bool Passed, string Proven) TryNextInterval()
    {
        KeyBundle bought = scene.SmallSale!.Keys;
        bool own = Attempt(Manifest.Blocks[0].Header, Ciphertext).Opens(bought);
        bool derived = bought.TryIntervalKey(1, out SymmetricKey? key);
        key?.Dispose();
        foreach (Upload upload in scene.Collected!.Uploads)
        {
            foreach (UploadBlock block in upload.Blocks.Where(block => block.Sealed.Header.Interval == 1))
            {
                OpeningAttempt attempt = new(Sale.Purchase, upload.Manifest, block.Sealed.Header, block.Sealed.Ciphertext, cipher);
                if (attempt.Opens(bought)) return (false, $"the key of interval 0 opened block {block.Sealed.Header.Seq}");
            }
        }

        return (own && !derived, "the keys of interval 0 open its blocks and none of interval 1");
    }

    private OpeningAttempt Attempt(BlockHeader header, byte[] ciphertext) => new(Sale.Purchase, Manifest, header, ciphertext, cipher);

    private static ulong Now() => (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}

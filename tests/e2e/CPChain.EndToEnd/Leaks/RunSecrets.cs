using System.Buffers.Binary;
using System.Globalization;
using CPChain.App.Demo;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Data.Blocks;
using CPChain.Data.Csv;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Keystore;
using CPChain.Pdash;
using CPChain.Pdash.Owner;
using CPChain.Pre.Capsules;
using CPChain.Pre.Fragments;
using CPChain.Pre.Keys;
using CPChain.Types;
using BlockHeader = CPChain.Data.Blocks.BlockHeader;

namespace CPChain.EndToEnd.Leaks;

/// <summary>Everything secret that a run made, opened with the keys in its kept folder.</summary>
internal static class RunSecrets
{
    private const int CellBytesMin = 9;

    /// <summary>Distinctive cell texts and all rows of the input.</summary>
    public static void AddReadings(LeakDetector detector, CsvTable table)
    {
        HashSet<string> cells = [];
        for (int row = 0; row < table.RowCount; row++)
        {
            detector.AddWindows("a raw row", table.Row(row).Span);
            string text = System.Text.Encoding.UTF8.GetString(table.Row(row).Span);
            cells.UnionWith(text.Split(',', StringSplitOptions.TrimEntries).Where(cell => cell.Length >= CellBytesMin));
        }

        Assert.True(cells.Count >= table.RowCount, "the input has distinctive cells");
        foreach (string cell in cells) detector.AddText("a cell", cell);
    }

    /// <summary>What went through the cipher: compressed plaintext and block keys.</summary>
    public static void AddSealed(LeakDetector detector, RecordedCipher cipher)
    {
        Assert.NotEmpty(cipher.Chunks);
        foreach (byte[] chunk in cipher.Chunks) detector.AddWindows("compressed plaintext", chunk);
        foreach (byte[] key in cipher.Keys) detector.AddSecret("a block key", key);
    }

    /// <summary>Keys of intervals, epochs and tree nodes; label keys and what they wrap.</summary>
    public static void AddDataKeys(LeakDetector detector, string folder, DemoScene scene)
    {
        CollectReport collected = scene.Collected!;
        Hash256 stream = collected.Shape.StreamId;
        byte[] masterSecret = Sealed(folder, "people/gateway", "master.sealed", "gateway master");
        detector.AddSecret("the gateway's master", masterSecret);
        using SymmetricKey master = new(masterSecret);
        using SymmetricKey seed = KeyTree.EpochSeed(master, stream, 0);
        BlockHeader[] headers = [.. collected.Uploads.SelectMany(upload => upload.Blocks).Select(block => block.Sealed.Header)];
        foreach (ulong interval in headers.Select(header => header.Interval).Distinct())
        {
            for (byte depth = 0; depth <= KeyTree.Depth; depth++)
            {
                using SymmetricKey node = KeyTree.Derive(seed, default, new KeyPlace(depth, (uint)interval >> (KeyTree.Depth - depth)));
                detector.AddSecret(depth == 0 ? "the epoch's seed" : depth == KeyTree.Depth ? "an interval key" : "a key node", node.Bytes);
            }
        }

        foreach (BlockHeader header in headers)
        {
            using SymmetricKey interval = KeyTree.IntervalKey(seed, header.Interval);
            byte[] context = new byte[24];
            BinaryPrimitives.WriteUInt64BigEndian(context, header.Seq);
            BinaryPrimitives.WriteUInt128BigEndian(context.AsSpan(8), header.KeySalt);
            using SymmetricKey salt = interval.Derive("cpchain/leaf-salt/1", context);
            detector.AddSecret("a leaf salt", salt.Bytes);
        }

        byte[] ownerSecret = Sealed(folder, "people/seller", "owner-master.sealed", "owner master");
        detector.AddSecret("the owner's master", ownerSecret);
        using OwnerMasterKey owner = OwnerMasterKey.FromBytes(ownerSecret);
        foreach (KeyEnvelope envelope in (KeyEnvelope[])
            [.. collected.Uploads.Select(upload => upload.Manifest.Envelope), scene.Sale!.Purchase.Terms.Envelope, scene.SmallSale!.Purchase.Terms.Envelope])
        {
            using OwnerKey label = owner.Derive(KeyLabel.Text(envelope.Label));
            Assert.True(Capsule.TryDecode(envelope.Capsule, out Capsule? capsule, out _));
            using KemKey kem = capsule.Open(label)!;
            detector.AddSecret("a label key", Bytes(label.Secret));
            detector.AddSecret("a capsule's key", kem.Bytes);
        }
    }

    /// <summary>Private scalars of identities, buyers and proxies, the fragments, and the passphrase.</summary>
    public static void AddPrivateScalars(LeakDetector detector, string folder)
    {
        detector.AddText("the passphrase", File.ReadAllLines(Path.Combine(folder, "passphrase"))[0]);
        for (int i = 0; i < DevnetAccounts.Count; i++)
        {
            using PrivateKey key = DevnetAccounts.Key(i);
            detector.AddSecret("a funded key", Bytes(key));
        }

        string[] homes = [.. Directory.EnumerateFiles(folder, IdentityStore.KeyFile, SearchOption.AllDirectories).Select(path => Path.GetDirectoryName(path)!)];
        Assert.True(homes.Length >= 8 + 6 + 3 + 4, "every node and person has an identity");
        int fragments = 0;
        foreach (string home in homes)
        {
            using PrivateKey key = Identity(folder, home);
            detector.AddSecret("an identity's key", Bytes(key));
            using SymmetricKey sealing = SealedFile.Derive(key, "cpchain/sealed-file/1");
            detector.AddSecret("the key of sealed files", sealing.Bytes);
            if (Path.GetFileName(home).StartsWith("proxy", StringComparison.Ordinal)) fragments += AddProxy(detector, home, key);
        }

        Assert.True(fragments >= 2 * 3, "two orders gave each of three proxies a fragment");
        foreach (string buyer in (string[])["buyer", "researcher"])
        {
            detector.AddSecret("a buyer's key", Sealed(folder, $"people/{buyer}", "buyer-key.sealed", "buyer key"));
        }
    }

    private static int AddProxy(LeakDetector detector, string home, PrivateKey identity)
    {
        using SymmetricKey secret = SealedFile.Derive(identity, "cpchain/proxy-key/1");
        detector.AddSecret("a proxy's secret", secret.Bytes);
        using OwnerMasterKey master = OwnerMasterKey.FromBytes(secret.Bytes);
        using OwnerKey key = master.Derive("proxy");
        detector.AddSecret("a proxy's key", Bytes(key.Secret));
        using SealedFile files = new(identity);
        string[] kept = Directory.GetFiles(Path.Combine(home, "data", "fragments"), "order-*.fragment");
        foreach (string path in kept)
        {
            ulong order = ulong.Parse(Path.GetFileNameWithoutExtension(path)["order-".Length..], CultureInfo.InvariantCulture);
            Assert.True(KeyFragment.TryDecode(files.Read(path, $"fragment of order {order}")!, out KeyFragment? fragment, out _));
            using (fragment) detector.AddSecret("a fragment's scalar", Bytes(fragment.Rk));
        }

        return kept.Length;
    }

    private static byte[] Sealed(string folder, string home, string name, string purpose)
    {
        using PrivateKey key = Identity(folder, Path.Combine(folder, home));
        using SealedFile file = new(key);
        return file.Read(Path.Combine(folder, home, "data", name), purpose)!;
    }

    private static PrivateKey Identity(string folder, string home) => IdentityStore.Open(home, Path.Combine(folder, "passphrase"));

    private static byte[] Bytes(PrivateKey key)
    {
        byte[] bytes = new byte[PrivateKey.Length];
        key.CopyTo(bytes);
        return bytes;
    }

    private static byte[] Bytes(in Scalar scalar)
    {
        byte[] bytes = new byte[Scalar.Length];
        scalar.CopyTo(bytes);
        return bytes;
    }
}

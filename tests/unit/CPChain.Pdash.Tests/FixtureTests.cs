using CPChain.Crypto;
using CPChain.Data.Blocks;
using CPChain.Data.Columns;
using CPChain.Data.Erasure;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Data.Merkle;
using CPChain.Pdash.Owner;
using CPChain.Pdash.Storage;
using CPChain.Pre.Keys;
using CPChain.Rpc.Tests.Chain;
using CPChain.Types;

namespace CPChain.Pdash.Tests;

/// <summary>What version 1 wrote opens for ever: codec, block, shard, manifest, key record, content file, sealed file.</summary>
public sealed class FixtureTests
{
    private static readonly string Folder = Path.Combine(Root(), "fixtures", "data");

    [Fact]
    public void Version_1_of_every_data_format_still_opens()
    {
        Assert.Equal(ManifestFault.None, Manifest.TryDecode(Read("manifest-v1.bin"), out Manifest? manifest));
        Assert.Equal(ManifestFault.None, manifest!.Verify());
        using OwnerMasterKey master = OwnerMasterKey.FromBytes(Enumerable.Repeat((byte)5, 32).ToArray());
        using OwnerKey epochKey = master.Derive(KeyLabel.Text(manifest.Envelope.Label));
        using KeyBundle? seed = KeyLabel.Unwrap(manifest.StreamId, manifest.Envelope, epochKey);
        ManifestBlock block = manifest.Blocks[0];
        byte[]?[] shards = [null, Read("shard-1-v1.bin"), Read("shard-2-v1.bin"), null, Read("shard-4-v1.bin"), Read("shard-5-v1.bin")];
        Assert.True(Shard.TryJoin(block.ShardIds, shards, manifest.Profile.Code(), (int)block.Header.Size, out byte[] ciphertext, out _));
        Assert.Equal(ManifestFault.None, DataOpening.TryOpen(manifest, block.Header, ciphertext, seed!, AesGcmBlockCipher.Instance,
            out BlockContent? content, out BlockFault fault));
        Assert.Equal(BlockFault.None, fault);
        Assert.Equal(Read("rows-v1.bin"), DataOpening.Join([content!]));

        Assert.Equal(ManifestFault.None, KeyRecord.TryDecode(Read("key-record-v1.bin"), 0, out KeyRecord? record));
        using OwnerKey labelKey = master.Derive(KeyLabel.Text(record!.Envelope.Label));
        using KeyBundle? sold = KeyLabel.Unwrap(record.StreamId, record.Envelope, labelKey);
        Assert.True(sold!.TryIntervalKey(0, out SymmetricKey? key));
        Assert.True(manifest.TryCommitment(0, out Hash256 commitment));
        Assert.Equal(commitment, key.Commitment());
        Assert.Equal([manifest.ManifestHash()], record.Manifests);
    }

    [Fact]
    public void Version_1_of_every_stored_file_still_opens()
    {
        string root = Directory.CreateTempSubdirectory("cpchain-fixture-").FullName;
        try
        {
            ContentStore store = new(root, long.MaxValue);
            byte[] shard = Read("shard-1-v1.bin");
            Hash256 id = SegmentTree.Root(shard);
            Directory.CreateDirectory(Path.GetDirectoryName(store.PathOf(id))!);
            File.WriteAllBytes(store.PathOf(id), Read("content-v1.bin"));
            Assert.Equal(GetStatus.Found, store.Get(id, out byte[] content));
            Assert.Equal(shard, content);
            using SealedFile sealedFile = new(InstantChain.Key(1));
            Assert.Equal("forty-two"u8.ToArray(), sealedFile.Read(Path.Combine(Folder, "sealed-v1.bin"), "fixture"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    internal static KeyRecord Terms() =>
        KeyRecord.TryDecode(Read("key-record-v1.bin"), 0, out KeyRecord? record) == ManifestFault.None
            ? record! : throw new InvalidOperationException("The key record of version 1 does not open.");

    internal static string PathOf(string name) => Path.Combine(Folder, name);

    private static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CPChain.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("No CPChain.slnx above the test binary.");
    }
}

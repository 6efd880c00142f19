using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Pdash.Owner;
using CPChain.Pdash.Storage;
using CPChain.Pre.Keys;
using CPChain.Rpc.Tests.Chain;
using CPChain.Types;

namespace CPChain.Pdash.Tests;

public sealed class StorageTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cpchain-store-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void D8_1_content_survives_a_restart_and_damage_is_found()
    {
        byte[] content = [.. Enumerable.Range(0, 10_000).Select(i => (byte)(i % 251))];
        ContentStore store = new(_root, 100_000);
        Assert.Equal(PutStatus.Stored, store.Put(content, out Hash256 id));
        Assert.Equal(PutStatus.Stored, store.Put(content, out _));
        ContentStore again = new(_root, 100_000);
        Assert.Equal(store.UsedBytes, again.UsedBytes);
        Assert.Equal(GetStatus.Found, again.Get(id, out byte[] read));
        Assert.Equal(content, read);
        byte[] file = File.ReadAllBytes(again.PathOf(id));
        file[500] ^= 4;
        File.WriteAllBytes(again.PathOf(id), file);
        Assert.Equal(GetStatus.Damaged, again.Get(id, out read));
        Assert.Empty(read);
        Assert.Equal(PutStatus.Stored, again.Put(content, out _));
        Assert.Equal(GetStatus.Found, again.Get(id, out _));
        file[0] = 2;
        File.WriteAllBytes(again.PathOf(id), file);
        Assert.Equal(GetStatus.UnknownVersion, again.Get(id, out _));
        File.WriteAllBytes(again.PathOf(id), [1]);
        Assert.Equal(GetStatus.Damaged, again.Get(id, out _));
        Assert.Equal(GetStatus.Absent, again.Get(Hash256.Zero, out _));
    }

    [Fact]
    public void D8_1_a_full_quota_refuses_and_keeps_the_old()
    {
        ContentStore store = new(_root, 2_500);
        Assert.Equal(PutStatus.Stored, store.Put(new byte[1000], out Hash256 first));
        Assert.Equal(PutStatus.Stored, store.Put(new byte[1001], out _));
        Assert.Equal(PutStatus.QuotaFull, store.Put(new byte[1002], out Hash256 third));
        Assert.Equal(GetStatus.Found, store.Get(first, out _));
        Assert.Equal(GetStatus.Absent, store.Get(third, out _));
        Assert.False(Directory.EnumerateFiles(_root, "*.partial", SearchOption.AllDirectories).Any());
    }

    [Fact]
    public void D8_3_shards_of_a_block_lie_on_different_nodes_by_distance()
    {
        Address[] nodes = [.. Enumerable.Range(1, 9).Select(i => InstantChain.Key(i).Address)];
        Dictionary<Address, int> load = nodes.ToDictionary(n => n, _ => 0);
        for (int block = 0; block < 200; block++)
        {
            Hash256[] shards = [.. Enumerable.Range(0, 6).Select(i => Crypto.Keccak256.Hash([(byte)(block & 255), (byte)i]))];
            IReadOnlyList<Address> places = Placement.Spread(shards, nodes);
            Assert.Equal(6, places.Distinct().Count());
            Assert.Equal(Placement.Closest(shards[0], nodes)[0], places[0]);
            Assert.Equal(places, Placement.Spread(shards, [.. nodes.Reverse()]));
            foreach (Address place in places) load[place]++;
        }
        Assert.All(load.Values, n => Assert.InRange(n, 40, 199));
        Assert.Equal(6, Placement.Spread([.. Enumerable.Range(0, 6).Select(i => Crypto.Keccak256.Hash([(byte)i]))], [.. nodes.Take(3)]).Count);
    }

    [Fact]
    public void D8_3_any_two_of_twelve_nodes_may_vanish_and_no_node_can_join_a_block()
    {
        Address[] nodes = [.. Enumerable.Range(1, 12).Select(i => InstantChain.Key(i).Address)];
        for (int block = 0; block < 100; block++)
        {
            IReadOnlyList<Address> places = Placement.Spread(
                [.. Enumerable.Range(0, 6).Select(i => Crypto.Keccak256.Hash([(byte)block, (byte)i, 9]))], nodes);
            foreach (Address one in nodes)
            {
                Assert.True(places.Count(p => p == one) <= 1);
                foreach (Address two in nodes) Assert.True(places.Count(p => p != one && p != two) >= 4);
            }
        }
    }

    [Fact]
    public void D8_4_a_record_is_replaced_by_its_owner_with_a_newer_one_only()
    {
        RecordStore store = new(_root, 10);
        KeyRecord Record(int signer, ulong version, long expiry = 1000)
        {
            using SymmetricKey seed = new(new byte[32]);
            using KeyBundle keys = KeyBundle.Cut(seed, 0, 3);
            using OwnerMasterKey master = OwnerMasterKey.FromBytes(new byte[32]);
            using OwnerKey label = master.Derive("label");
            KeyEnvelope envelope = KeyLabel.Wrap(Hash256.Zero, 0, 3, keys, label.PublicKey, b => b.Fill(7));
            return KeyRecord.Sign(new KeyRecord(Hash256.Zero, 0, envelope, [Hash256.Zero], Hash256.Zero, version, expiry,
                InstantChain.Key(signer).PublicKey, default), InstantChain.Key(signer));
        }
        KeyRecord two = Record(1, 2);
        Assert.Equal(PutStatus.Stored, store.Put(two.Encode(), 0));
        Assert.Equal(PutStatus.Stored, store.Put(two.Encode(), 0));
        Assert.Equal(PutStatus.Outdated, store.Put(Record(1, 1).Encode(), 0));
        Assert.Equal(PutStatus.Stored, store.Put(Record(2, 9).Encode(), 0));
        Assert.NotEqual(two.Place, Record(2, 9).Place);
        Assert.Equal(PutStatus.Stored, store.Put(Record(1, 3).Encode(), 0));
        Assert.Equal(PutStatus.Refused, store.Put(Record(1, 4, expiry: 10).Encode(), 10));
        byte[] forged = Record(1, 5).Encode();
        forged[^1] ^= 1;
        Assert.Equal(PutStatus.Refused, store.Put(forged, 0));
        Assert.NotNull(store.Get(two.Place, 0));
        Assert.Null(store.Get(two.Place, 1000));
    }

    [Fact]
    public void D9_1_secrets_are_sealed_to_identity_and_purpose_with_mode_0600()
    {
        string path = Path.Combine(_root, "secret");
        byte[] secret = [.. Enumerable.Range(0, 32).Select(i => (byte)(200 - i))];
        using SealedFile mine = new(InstantChain.Key(1)), other = new(InstantChain.Key(2));
        mine.Write(path, "purpose", secret);
        Assert.Equal(secret, mine.Read(path, "purpose"));
        Assert.True(File.ReadAllBytes(path).AsSpan().IndexOf(secret.AsSpan(0, 8)) < 0);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Throws<InvalidDataException>(() => other.Read(path, "purpose"));
        Assert.Throws<InvalidDataException>(() => mine.Read(path, "another"));
        Assert.Null(mine.Read(path + "x", "purpose"));
        File.WriteAllBytes(path, [9, 1, 2]);
        Assert.Contains("version 9", Assert.Throws<InvalidDataException>(() => mine.Read(path, "purpose")).Message, StringComparison.Ordinal);
    }
}

using CPChain.Crypto;
using CPChain.Trie.Proofs;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Trie.Tests;

public sealed class MerkleTrieTests
{
    // Few distinct short keys, so that prefixes, splits and collapses happen all the time; short and long values, so
    // that nodes are inline as well as stored.
    private static readonly Gen<byte[]> s_shortKey =
        from length in Gen.Choose(0, 3)
        from bytes in Gen.ArrayOf(Gen.Elements<byte>(0x00, 0x01, 0x10, 0x11, 0xff), length)
        select bytes;

    private static readonly Gen<byte[]> s_hashedKey =
        Gen.Choose(0, 60).Select(static i => Keccak256.Hash([(byte)i]).ToArray());

    private static readonly Gen<byte[]?> s_value =
        from kind in Gen.Choose(0, 3)
        from content in Gen.Choose(1, 255)
        select kind == 0 ? null : Enumerable.Repeat((byte)content, kind == 1 ? 1 : kind == 2 ? 20 : 70).ToArray();

    [Fact]
    public void T2_updates_equal_a_rebuild_from_scratch_with_free_keys() => UpdatesEqualRebuild(s_shortKey);

    [Fact]
    public void T2_updates_equal_a_rebuild_from_scratch_with_hashed_keys() => UpdatesEqualRebuild(s_hashedKey);

    [Fact]
    public void T2_clearing_removes_every_stored_node()
    {
        MemoryNodeSource source = new();
        Hash256 owner = Keccak256.Hash([1]);
        (Hash256 root, TrieChanges changes) = MerkleTrie.Apply(
            source, owner, Account.EmptyTrieRoot,
            Enumerable.Range(0, 300).Select(i => new TrieUpdate(Keccak256.Hash(BitConverter.GetBytes(i)).ToArray(), new byte[40])));
        source.Write(changes);
        Assert.True(source.Count > 300);
        source.Write(MerkleTrie.Clear(source, owner, root));
        Assert.Equal(0, source.Count);
    }

    [Fact]
    public void T2_tries_of_different_owners_do_not_meet()
    {
        MemoryNodeSource source = new();
        Hash256 a = Keccak256.Hash([1]);
        Hash256 b = Keccak256.Hash([2]);
        (Hash256 rootA, TrieChanges first) = MerkleTrie.Apply(source, a, Account.EmptyTrieRoot, [new(new byte[] { 1 }, new byte[] { 7 })]);
        source.Write(first);
        (Hash256 rootB, TrieChanges second) = MerkleTrie.Apply(source, b, Account.EmptyTrieRoot, [new(new byte[] { 1 }, new byte[] { 8 })]);
        source.Write(second);
        Assert.True(new MerkleTrie(source, a, rootA).TryGet([1], out ReadOnlyMemory<byte> value));
        Assert.Equal([7], value.ToArray());
        Assert.True(new MerkleTrie(source, b, rootB).TryGet([1], out value));
        Assert.Equal([8], value.ToArray());
    }

    [Fact]
    public void T2_an_update_that_changes_nothing_writes_nothing()
    {
        MemoryNodeSource source = new();
        List<TrieUpdate> updates = [.. Enumerable.Range(0, 50).Select(
            static i => new TrieUpdate(Keccak256.Hash([(byte)i]).ToArray(), new byte[40]))];
        (Hash256 root, TrieChanges changes) = MerkleTrie.Apply(source, TrieOwner.Accounts, Account.EmptyTrieRoot, updates);
        source.Write(changes);
        updates.Add(new TrieUpdate(Keccak256.Hash([200]).ToArray(), null));
        (Hash256 same, TrieChanges none) = MerkleTrie.Apply(source, TrieOwner.Accounts, root, updates);
        Assert.Equal(root, same);
        Assert.Empty(none.Nodes);
    }

    // Large updates go by the first nibble, in any order of the parts; a removal among them goes the other way.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void T2_a_large_update_in_parts_equals_a_rebuild(bool removes)
    {
        MemoryNodeSource source = new() { Workers = new Backwards() };
        Dictionary<string, byte[]> model = [];
        Hash256 root = Account.EmptyTrieRoot;
        for (int round = 0; round < 3; round++)
        {
            List<TrieUpdate> updates = [];
            for (int i = 0; i < 1_500; i++)
            {
                byte[] key = Keccak256.Hash(BitConverter.GetBytes((i * (round + 1)) % 2_500)).ToArray();
                byte[]? value = removes && i % 7 == round ? null : [.. BitConverter.GetBytes(i + round), .. new byte[i % 60]];
                updates.Add(new TrieUpdate(key, value));
                model.Remove(Convert.ToHexString(key));
                if (value is not null)
                {
                    model.Add(Convert.ToHexString(key), value);
                }
            }

            (root, TrieChanges changes) = MerkleTrie.Apply(source, TrieOwner.Accounts, root, updates);
            Assert.All(changes.Nodes.Where(static n => n.Node is not null), static n => Assert.Equal(Keccak256.Hash(n.Node!.Value.Span), n.Hash));
            source.Write(changes);
        }

        Check(source, root, model);
    }

    // Keys of 32 bytes that part early or late, so that leaves split, extensions come, grow shorter and go on; what is written must be
    // what one update at a time writes, node by node.
    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 40)]
    [InlineData(3, 40)]
    [InlineData(4, 40)]
    [InlineData(5, 900)]
    [InlineData(6, 900)]
    [InlineData(7, 900)]
    public void T2_a_batch_writes_what_single_updates_write(int seed, int count)
    {
        MemoryNodeSource batches = new() { Workers = new Backwards() };
        MemoryNodeSource singles = new();
        Hash256 root = Account.EmptyTrieRoot;
        for (int round = 0; round < 6; round++)
        {
            List<TrieUpdate> updates = [.. Enumerable.Range(0, count).Select(i => MakeUpdate((seed * 1_000_003) + (round * 10_007) + i, seed))];
            MerkleTrie one = new(singles, TrieOwner.Accounts, root);
            foreach (TrieUpdate update in updates)
            {
                one.Update(update);
            }

            (Hash256 expected, TrieChanges expectedChanges) = one.Commit();
            (root, TrieChanges changes) = MerkleTrie.Apply(batches, TrieOwner.Accounts, root, updates);
            Assert.Equal(expected, root);
            Assert.Equal(ByPath(expectedChanges), ByPath(changes));
            singles.Write(expectedChanges);
            batches.Write(changes);
            Assert.Equal(singles.Places, batches.Places);
        }
    }

    // What somebody says of former values is right, wrong or missing by turns: all give the same, and what is right saves reading.
    [Fact]
    public void T2_former_values_change_nothing_but_what_is_read()
    {
        const int count = 900;
        byte[][] keys = [.. Enumerable.Range(0, count).Select(i => Keccak256.Hash(BitConverter.GetBytes(i)).ToArray())];
        TrieUpdate[] first = [.. keys.Select((key, i) => new TrieUpdate(key, ValueOf(i, 1)))];
        TrieUpdate[] second = [.. keys.Select((key, i) => new TrieUpdate(key, ValueOf(i, (byte)(i % 5 == 0 ? 1 : 2))))];
        MemoryNodeSource stored = new();
        (Hash256 root, TrieChanges made) = MerkleTrie.Apply(stored, TrieOwner.Accounts, Account.EmptyTrieRoot, first);
        stored.Write(made);
        (Hash256 expected, TrieChanges expectedChanges) = MerkleTrie.Apply(stored, TrieOwner.Accounts, root, second);

        FarNodeSource unaided = new(stored), aided = new(stored);
        MerkleTrie.Apply(unaided, TrieOwner.Accounts, root, second);
        (Hash256 found, TrieChanges changes) = MerkleTrie.Apply(aided, TrieOwner.Accounts, root, second, Former);
        Assert.Equal(expected, found);
        Assert.Equal(ByPath(expectedChanges), ByPath(changes));
        Assert.InRange(aided.Read, unaided.Read - count, unaided.Read - (count / 3) + 1);

        static int Former(int update, Span<byte> room)
        {
            byte[] value = update % 3 == 0 ? ValueOf(update, 1) : update % 3 == 1 ? ValueOf(update, 7) : [];
            value.CopyTo(room);
            return value.Length;
        }
    }

    private static byte[] ValueOf(int number, byte version) => [.. BitConverter.GetBytes(number), .. Enumerable.Repeat(version, 60)];

    // An odd seed makes values of one byte, of which some lie deep enough to be inside their parent.
    private static TrieUpdate MakeUpdate(int number, int seed)
    {
        byte[] digest = Keccak256.Hash(BitConverter.GetBytes(number)).ToArray();
        byte[] key = Keccak256.Hash([(byte)(digest[0] & 15)]).ToArray();
        int shared = digest[1] % 4 == 0 ? digest[2] % 32 : digest[2] % 3;
        digest.AsSpan(shared).CopyTo(key.AsSpan(shared));
        if (digest[3] % 2 == 0 && shared < 32)
        {
            key[shared] = (byte)((key[shared] & 15) | (digest[0] & 0xf0));
        }

        return new TrieUpdate(key, new byte[seed % 2 == 0 || digest[1] % 4 != 0 ? 33 + (digest[4] % 40) : 1].Select(_ => (byte)(digest[5] | 1)).ToArray());
    }

    private static List<string> ByPath(TrieChanges changes) =>
        [.. changes.Nodes.Select(static n => $"{Convert.ToHexString(n.Path.Span)} {(n.Node is { } node ? Convert.ToHexString(node.Span) : "-")} {n.Hash}").Order()];

    /// <summary>Has no node at hand and counts what is read.</summary>
    private sealed class FarNodeSource(ITrieNodeSource stored) : ITrieNodeSource
    {
        public int Read { get; private set; }

        public bool TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node)
        {
            Read++;
            return stored.TryGetNode(owner, path, hash, out node);
        }

        public bool TryGetNodeAtHand(in Hash256 owner, ReadOnlySpan<byte> path, in Hash256 hash, out ReadOnlyMemory<byte> node)
        {
            node = default;
            return false;
        }
    }

    private sealed class Backwards : IWorkers
    {
        public void Run(int parts, Action<int> work)
        {
            for (int i = parts - 1; i >= 0; i--)
            {
                work(i);
            }
        }
    }

    [Fact]
    public void T2_a_source_without_the_expected_root_is_a_broken_invariant()
    {
        MerkleTrie trie = new(EmptyNodeSource.Instance, TrieOwner.Accounts, Keccak256.Hash([1]));
        Assert.Throws<InvariantViolation>(() => trie.TryGet([1], out _));
    }

    [Fact]
    public void T3_the_root_of_nothing_is_the_empty_root()
    {
        Assert.Equal(Account.EmptyTrieRoot, TrieRoot.OfIndexed([]));
        Assert.Equal(Account.EmptyTrieRoot, TrieRoot.OfEntries([]));
    }

    [Fact]
    public void T3_indexed_roots_equal_a_trie_with_rlp_keys()
    {
        for (int count = 1; count < 300; count = (count * 2) + 1)
        {
            List<byte[]> values = [.. Enumerable.Range(0, count).Select(static i => new byte[(i % 60) + 1].Select(_ => (byte)(i + 1)).ToArray())];
            List<TrieUpdate> updates = [];
            for (int i = 0; i < count; i++)
            {
                Types.Rlp.RlpWriter writer = new();
                writer.WriteUlong((ulong)i);
                updates.Add(new TrieUpdate(writer.ToArray(), values[i]));
            }

            (Hash256 expected, _) = MerkleTrie.Apply(EmptyNodeSource.Instance, TrieOwner.Accounts, Account.EmptyTrieRoot, updates);
            Assert.Equal(expected, TrieRoot.OfIndexed([.. values]));
        }
    }

    private static void UpdatesEqualRebuild(Gen<byte[]> keys)
    {
        var update = from key in keys from value in s_value select (Key: key, Value: value);
        Prop.ForAll(Gen.ArrayOf(Gen.ArrayOf(update)).ToArbitrary(), blocks =>
        {
            MemoryNodeSource source = new();
            Hash256 root = Account.EmptyTrieRoot;
            Dictionary<string, byte[]> model = [];
            foreach ((byte[] Key, byte[]? Value)[] block in blocks)
            {
                (root, TrieChanges changes) = MerkleTrie.Apply(
                    source, TrieOwner.Accounts, root, block.Select(static u => new TrieUpdate(u.Key, u.Value)));
                source.Write(changes);
                foreach ((byte[] key, byte[]? value) in block)
                {
                    if (value is null)
                    {
                        model.Remove(Convert.ToHexString(key));
                    }
                    else
                    {
                        model[Convert.ToHexString(key)] = value;
                    }
                }
            }

            Check(source, root, model);
        }).QuickCheckThrowOnFailure();
    }

    private static void Check(MemoryNodeSource source, in Hash256 root, Dictionary<string, byte[]> model)
    {
        List<KeyValuePair<byte[], byte[]>> entries =
            [.. model.Select(static p => new KeyValuePair<byte[], byte[]>(Convert.FromHexString(p.Key), p.Value))];
        Assert.Equal(TrieRoot.OfEntries(entries), root);

        // No node is left behind: the places are those of the same trie built in one go.
        MemoryNodeSource fresh = new();
        (_, TrieChanges all) = MerkleTrie.Apply(
            fresh, TrieOwner.Accounts, Account.EmptyTrieRoot, entries.Select(static e => new TrieUpdate(e.Key, e.Value)));
        fresh.Write(all);
        Assert.Equal(fresh.Places, source.Places);
        foreach ((byte[] key, byte[] value) in entries)
        {
            Assert.True(new MerkleTrie(source, TrieOwner.Accounts, root).TryGet(key, out ReadOnlyMemory<byte> read));
            Assert.Equal(value, read.ToArray());
            Assert.Equal(
                ProofVerdict.Present,
                TrieProof.Verify(root, key, TrieProof.Of(source, TrieOwner.Accounts, root, key), out _));
        }
    }
}

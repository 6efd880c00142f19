using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Trie.Nodes;
using CPChain.Trie.Proofs;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Trie.Tests;

public sealed class TrieProofTests
{
    private const int Entries = 200;
    private readonly MemoryNodeSource _source = new();
    private readonly Hash256 _root;

    public TrieProofTests()
    {
        (_root, TrieChanges changes) = MerkleTrie.Apply(
            _source, TrieOwner.Accounts, Account.EmptyTrieRoot,
            Enumerable.Range(0, Entries).Select(static i => new TrieUpdate(Key(i), Value(i))));
        _source.Write(changes);
    }

    [Fact]
    public void T4_every_entry_is_proven_present_and_others_absent()
    {
        for (int i = 0; i < 2 * Entries; i++)
        {
            ProofVerdict verdict = TrieProof.Verify(_root, Key(i), Proof(i), out ReadOnlyMemory<byte> value);
            Assert.Equal(i < Entries ? ProofVerdict.Present : ProofVerdict.Absent, verdict);
            Assert.Equal(i < Entries ? Value(i) : [], value.ToArray());
        }
    }

    [Fact]
    public void T4_no_altered_proof_verifies()
    {
        for (int i = 0; i < Entries; i += 37)
        {
            ImmutableArray<ReadOnlyMemory<byte>> proof = Proof(i);
            for (int node = 0; node < proof.Length; node++)
            {
                for (int at = 0; at < proof[node].Length; at++)
                {
                    byte[] altered = proof[node].ToArray();
                    altered[at] ^= 0x01;
                    Refused(i, proof.SetItem(node, altered));
                }
            }
        }
    }

    [Fact]
    public void T4_a_proof_that_is_cut_stretched_or_shuffled_does_not_verify()
    {
        ImmutableArray<ReadOnlyMemory<byte>> proof = Proof(3);
        Assert.True(proof.Length > 1);
        Refused(3, proof.RemoveAt(proof.Length - 1));
        Refused(3, proof.RemoveAt(0));
        Refused(3, proof.Add(proof[0]));
        Refused(3, [.. proof.Reverse()]);
        Refused(3, []);
        Refused(3, [.. Enumerable.Repeat(proof[0], 1000)]);
    }

    [Fact]
    public void T4_a_proof_of_one_key_says_nothing_false_about_another()
    {
        ImmutableArray<ReadOnlyMemory<byte>> proof = Proof(3);
        for (int i = 0; i < Entries; i++)
        {
            ProofVerdict verdict = TrieProof.Verify(_root, Key(i), proof, out ReadOnlyMemory<byte> value);
            Assert.NotEqual(ProofVerdict.Absent, verdict);
            if (verdict == ProofVerdict.Present)
            {
                Assert.Equal(Value(i), value.ToArray());
            }
        }
    }

    [Fact]
    public void T4_an_empty_proof_shows_absence_under_the_empty_root_only()
    {
        Assert.Equal(ProofVerdict.Absent, TrieProof.Verify(Account.EmptyTrieRoot, Key(0), [], out _));
        Assert.Equal(ProofVerdict.Invalid, TrieProof.Verify(_root, Key(0), [], out _));
    }

    [Fact]
    public void T1_no_bytes_make_the_node_decoder_throw_and_what_it_accepts_is_canonical()
    {
        ImmutableArray<ReadOnlyMemory<byte>> proof = Proof(5);
        var mutated =
            from node in Gen.Choose(0, proof.Length - 1)
            from at in Gen.Choose(0, proof[node].Length - 1)
            from with in Gen.Choose(0, 255)
            from cut in Gen.Choose(0, 3)
            select Mutate(proof[node].ToArray(), at, (byte)with, cut);
        Arbitrary<byte[]> inputs = Gen.OneOf(mutated, Gen.ArrayOf(Gen.Choose(0, 255).Select(static b => (byte)b))).ToArbitrary();
        Prop.ForAll(inputs, bytes =>
        {
            if (TrieNodeCodec.TryDecode(bytes, out TrieNode? node))
            {
                Assert.Equal(bytes, TrieNodeCodec.Encode(node!));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static byte[] Mutate(byte[] bytes, int at, byte with, int cut)
    {
        bytes[at] = with;
        return cut == 0 ? bytes[..at] : bytes;
    }

    private void Refused(int i, ImmutableArray<ReadOnlyMemory<byte>> proof) =>
        Assert.Equal(ProofVerdict.Invalid, TrieProof.Verify(_root, Key(i), proof, out _));

    private ImmutableArray<ReadOnlyMemory<byte>> Proof(int i) => TrieProof.Of(_source, TrieOwner.Accounts, _root, Key(i));

    private static byte[] Key(int i) => Keccak256.Hash(BitConverter.GetBytes(i)).ToArray();

    private static byte[] Value(int i) => [.. Enumerable.Repeat((byte)(i + 1), (i % 50) + 1)];
}

using CPChain.Crypto;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Formats;

/// <summary>L22.4: what proves misconduct to who has seen nothing else.</summary>
public sealed class MisconductProofTests
{
    private static readonly Keys Four = new(4);
    private static readonly BlockNumber Height = new(5);
    private static readonly Hash256 B = Fixture.Hash("b");
    private static readonly Hash256 C = Fixture.Hash("c");

    private static readonly (MisconductKind Kind, Statement First, Statement Second)[] Guilty =
    [
        (MisconductKind.TwoPrepares, Said(StatementKind.Prepare, 0, B), Said(StatementKind.Prepare, 0, C)),
        (MisconductKind.TwoPrepares, Said(StatementKind.ImpeachPrepare, 2, B), Said(StatementKind.ImpeachPrepare, 2, C)),
        (MisconductKind.TwoPrepares, Said(StatementKind.ImpeachPrepare, 2, B, 0), Said(StatementKind.ImpeachPrepare, 2, B, 1)),
        (MisconductKind.TwoCommits, Said(StatementKind.Commit, 0, B), Said(StatementKind.Commit, 0, C)),
        (MisconductKind.TwoCommits, Said(StatementKind.ImpeachCommit, 3, B), Said(StatementKind.ImpeachCommit, 3, C)),
        (MisconductKind.PreparedAgainstCommit, Said(StatementKind.Commit, 0, B), Said(StatementKind.ImpeachPrepare, 1, C)),
        (MisconductKind.PreparedAgainstCommit, Said(StatementKind.ImpeachCommit, 2, B), Said(StatementKind.ImpeachPrepare, 4, C, 1)),
        (MisconductKind.TwoSeals, Said(StatementKind.Seal, 0, B), Said(StatementKind.Seal, 0, C)),
        (MisconductKind.TwoProposes, Said(StatementKind.Propose, 2, B), Said(StatementKind.Propose, 2, C)),
        (MisconductKind.TwoProposes, Said(StatementKind.Propose, 3, B, 0), Said(StatementKind.Propose, 3, B, 2)),
    ];

    // What an honest node may say, or what says nothing (L22.2, near misses).
    private static readonly (Statement First, Statement Second)[] Innocent =
    [
        (Said(StatementKind.Prepare, 0, B), Said(StatementKind.Commit, 0, C)),
        (Said(StatementKind.Prepare, 0, B), Said(StatementKind.ImpeachPrepare, 1, C)),
        (Said(StatementKind.ImpeachPrepare, 2, B, 0), Said(StatementKind.ImpeachPrepare, 3, C)),
        (Said(StatementKind.Commit, 0, B), Said(StatementKind.ImpeachCommit, 1, C)),
        (Said(StatementKind.Commit, 0, B), Said(StatementKind.ImpeachPrepare, 1, C, 0)),
        (Said(StatementKind.ImpeachCommit, 2, B), Said(StatementKind.ImpeachPrepare, 2, C, 1)),
        (Said(StatementKind.ImpeachCommit, 2, B), Said(StatementKind.ImpeachPrepare, 1, C)),
        (Said(StatementKind.Propose, 2, B), Said(StatementKind.Propose, 3, C)),
        (Said(StatementKind.Propose, 2, B), Said(StatementKind.ImpeachPrepare, 2, C)),
        (Said(StatementKind.Seal, 0, B), Said(StatementKind.Prepare, 0, C)),
        (Said(StatementKind.Seal, 0, B), Said(StatementKind.Head, 0, C)),
        (Said(StatementKind.Head, 0, B), Said(StatementKind.Head, 0, C)),
        (Said(StatementKind.Status, 2, B), Said(StatementKind.Status, 2, C)),
        (Said(StatementKind.Wish, 1, Hash256.Zero), Said(StatementKind.Wish, 2, Hash256.Zero)),
        (Said(StatementKind.Seal, 0, B), Said(StatementKind.Seal, 0, C) with { Height = new BlockNumber(6) }),
        (Said(StatementKind.Prepare, 0, B), Said(StatementKind.Prepare, 0, C) with { Height = new BlockNumber(6) }),
    ];

    [Fact]
    public void L22_4_every_kind_is_proven_in_either_order_and_the_bytes_come_again()
    {
        Assert.Equal(Enum.GetValues<MisconductKind>(), Guilty.Select(static one => one.Kind).Distinct());
        foreach ((MisconductKind kind, Statement first, Statement second) in Guilty)
        {
            foreach (byte[] proof in new[] { Proof(first, second), Proof(second, first) })
            {
                Assert.Equal(MisconductCodec.Length, proof.Length);
                Assert.True(MisconductCodec.TryDecode(proof, out Misconduct? read, out CodecFault fault), fault.ToString());
                Assert.Equal(kind, read.Kind);
                Assert.Equal(proof, MisconductCodec.Encode(read));
                Assert.Equal(MisconductFault.None, MisconductVerifier.Verify(read, Keys.Domain, out Address signer));
                Assert.Equal(Keys.KeyOf(2).Address, signer);
            }
        }
    }

    [Fact]
    public void L22_4_what_an_honest_node_may_say_proves_nothing()
    {
        foreach ((Statement first, Statement second) in Innocent)
        {
            Assert.Equal(CodecFault.Malformed, FaultOf(Proof(first, second)));
            Assert.Equal(CodecFault.Malformed, FaultOf(Proof(second, first)));
        }
    }

    [Fact]
    public void L22_4_the_same_statement_twice_proves_nothing_whoever_signed_it()
    {
        foreach ((_, Statement first, _) in Guilty)
        {
            Assert.Equal(CodecFault.Malformed, FaultOf(Proof(first, first)));
            Assert.Equal(CodecFault.Malformed, FaultOf(Bytes(Four.Sign(1, first), Four.Sign(2, first))));
        }
    }

    [Fact]
    public void L22_4_two_signers_and_other_chains_convict_nobody()
    {
        ChainDomain otherGenesis = Keys.Domain with { GenesisHash = Fixture.Hash("other") };
        ChainDomain otherId = Keys.Domain with { ChainId = Keys.Domain.ChainId + 1 };
        foreach ((MisconductKind kind, Statement first, Statement second) in Guilty)
        {
            Misconduct own = new(kind, Four.Sign(1, first), Four.Sign(1, second));
            Assert.Equal(MisconductFault.TwoSigners, FaultOf(own with { Second = Four.Sign(2, second) }));
            foreach (ChainDomain other in new[] { otherGenesis, otherId })
            {
                // A recovery always finds some key: half of a pair from elsewhere has another one.
                Assert.Equal(MisconductFault.TwoSigners, FaultOf(own with { Second = Sign(second, other) }));
                Assert.Equal(MisconductFault.TwoSigners, FaultOf(own with { First = Sign(first, other), Second = Sign(second, other) }));
            }
        }
    }

    [Fact]
    public void L22_4_a_kind_that_the_pair_is_not_convicts_nobody()
    {
        (_, Statement first, Statement second) = Guilty[0];
        foreach (MisconductKind kind in Enum.GetValues<MisconductKind>()[1..])
        {
            Assert.Equal(
                MisconductFault.NoContradiction,
                FaultOf(new Misconduct(kind, Four.Sign(1, first), Four.Sign(1, second))));
        }
    }

    [Fact]
    public void L22_4_no_other_bytes_are_read()
    {
        byte[] proof = Proof(Guilty[0].First, Guilty[0].Second);
        for (int length = 0; length < proof.Length; length++)
            Assert.Equal(CodecFault.Truncated, FaultOf(proof[..length]));
        Assert.Equal(CodecFault.TrailingBytes, FaultOf([.. proof, 0]));
        Assert.Equal(CodecFault.TrailingBytes, FaultOf([.. proof, .. proof]));
        Assert.Equal(CodecFault.UnknownVersion, FaultOf([2, .. proof[1..]]));
        Assert.Equal(CodecFault.Malformed, FaultOf([1, 0, .. proof[2..]])); // kind 0
        Assert.Equal(CodecFault.Malformed, FaultOf([1, 2, .. proof[2..13], 1, .. proof[14..]])); // COMMIT of round 1
    }

    [Fact]
    public void L22_4_signatures_have_one_form()
    {
        byte[] proof = Proof(Guilty[0].First, Guilty[0].Second);
        int at = 1 + 49;
        Assert.True(Signature.TryFromBytes(proof.AsSpan(at, Signature.Length), out Signature signature));
        byte[] high = [.. signature.R.ToBigEndian(), .. (Signature.GroupOrder - signature.S).ToBigEndian(), (byte)(signature.V ^ 1)];
        foreach (byte[] bad in new[] { high, new byte[Signature.Length], [.. high[..64], 2], [.. Enumerable.Repeat((byte)0xff, 65)] })
            Assert.Equal(CodecFault.BadSignature, FaultOf([.. proof[..at], .. bad, .. proof[(at + Signature.Length)..]]));
    }

    private static Statement Said(StatementKind kind, int round, Hash256 hash, int validRound = Statement.NoRound) =>
        new(kind, Height, round, hash, validRound);

    private static SignedStatement Sign(Statement statement, in ChainDomain domain) =>
        new(statement, Keys.KeyOf(2).Sign(statement.Digest(domain)));

    private static byte[] Proof(Statement first, Statement second) => Bytes(Four.Sign(1, first), Four.Sign(1, second));

    private static byte[] Bytes(SignedStatement first, SignedStatement second) =>
        MisconductCodec.Encode(new Misconduct(MisconductKind.TwoSeals, first, second));

    private static CodecFault FaultOf(byte[] proof)
    {
        Assert.False(MisconductCodec.TryDecode(proof, out Misconduct? read, out CodecFault fault));
        Assert.Null(read);
        return fault;
    }

    private static MisconductFault FaultOf(Misconduct misconduct)
    {
        MisconductFault fault = MisconductVerifier.Verify(misconduct, Keys.Domain, out Address signer);
        Assert.Equal(Address.Zero, signer);
        return fault;
    }
}

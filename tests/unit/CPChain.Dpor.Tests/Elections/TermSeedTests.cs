using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Elections;

/// <summary>D9.</summary>
public sealed class TermSeedTests
{
    private static readonly Hash256 Secret = Fixture.Hash(42);

    [Fact]
    public void Each_number_of_a_term_has_one_right_reveal()
    {
        Hash256 commitment = TermSeed.Commitment(Secret, 36);
        for (ulong offset = 0; offset < 36; offset++)
        {
            Hash256 reveal = TermSeed.Reveal(Secret, 36, offset);
            for (ulong other = 0; other < 36; other++)
                Assert.Equal(other == offset, TermSeed.IsRight(reveal, commitment, other));
        }
        Assert.False(TermSeed.IsRight(Secret, TermSeed.Commitment(Fixture.Hash(43), 36), 35));
        Assert.False(TermSeed.IsRight(commitment, commitment, 0));
    }

    [Fact]
    public void A_reveal_says_the_earlier_ones_and_not_the_later() =>
        Assert.Equal(TermSeed.Reveal(Secret, 36, 4), TermSeed.Step(TermSeed.Reveal(Secret, 36, 5)));

    [Fact]
    public void The_last_offset_reveals_the_secret_itself()
    {
        Assert.Equal(Secret, TermSeed.Reveal(Secret, 36, 35));
        Assert.Throws<ArgumentOutOfRangeException>(() => TermSeed.Reveal(Secret, 36, 36));
    }

    [Fact]
    public void Hashes_are_over_the_bytes_that_the_text_names()
    {
        byte[] eight = [0, 0, 0, 0, 0, 0, 0, 7];
        Assert.Equal(Keccak256.Hash([.. "CPC-REVEAL/1"u8, .. Secret.ToArray()]), TermSeed.Step(Secret));
        Assert.Equal(Keccak256.Hash([.. "CPC-MIX/1"u8, .. Secret.ToArray(), .. eight]), TermSeed.Begin(Secret, 7));
        Assert.Equal(
            Keccak256.Hash([.. "CPC-MIX/1"u8, .. Secret.ToArray(), .. eight, .. Fixture.Hash(1).ToArray()]),
            TermSeed.Absorb(Secret, 7, Fixture.Hash(1)));
        Assert.Equal(Keccak256.Hash([.. "CPC-TERM-SEED/1"u8, .. Secret.ToArray(), .. eight]), TermSeed.Finish(Secret, 7));
    }

    [Fact]
    public void Every_reveal_and_every_omission_changes_the_seed()
    {
        HashSet<Hash256> seeds = [];
        for (int omitted = 0; omitted <= 36; omitted++)
        {
            Hash256 mix = TermSeed.Begin(Secret, 3);
            for (ulong n = 109; n <= 144; n++)
                mix = TermSeed.Absorb(mix, n, (int)(n - 108) == omitted ? Hash256.Zero : TermSeed.Reveal(Secret, 36, n - 109));
            seeds.Add(TermSeed.Finish(mix, 3));
        }
        Assert.Equal(37, seeds.Count);
    }
}

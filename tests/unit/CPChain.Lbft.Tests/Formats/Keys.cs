using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Formats;

/// <summary>A committee with real keys, the same in every run.</summary>
internal sealed class Keys
{
    private readonly PrivateKey[] _keys;

    public Keys(int validators)
    {
        _keys = new PrivateKey[validators];
        for (int index = 0; index < validators; index++) _keys[index] = KeyOf(index + 1);
        Committee = new Committee([.. _keys.Select(key => key.Address)]);
    }

    public static ChainDomain Domain { get; } = new(Fixture.Hash("genesis"), 8086);

    public Committee Committee { get; }

    public static PrivateKey KeyOf(int number)
    {
        Span<byte> secret = stackalloc byte[32];
        BinaryPrimitives.WriteInt32BigEndian(secret[28..], number);
        Assert.True(PrivateKey.TryFromBytes(secret, out PrivateKey? key));
        return key;
    }

    public SignedStatement Sign(int seat, Statement statement) => new(statement, _keys[seat].Sign(statement.Digest(Domain)));

    /// <summary>A valid certificate of the first Q seats, signed seat by seat.</summary>
    public Certificate Certify(VoteClass voteClass, ulong height, int round, Hash256 hash, int validRound = -1)
    {
        int quorum = Committee.Size.StrongQuorum;
        Signature[] signatures = new Signature[quorum];
        SeatSet signers = SeatSet.Empty;
        if (voteClass == VoteClass.Commit) validRound = Statement.NoRound;
        Statement vote = Statement.Vote(voteClass, new BlockNumber(height), round, hash, validRound);
        for (int seat = 0; seat < quorum; seat++)
        {
            signatures[seat] = Sign(seat, vote).Signature;
            signers = signers.With(new Seat(seat));
        }

        return new Certificate(
            voteClass, new BlockNumber(height), round, hash, Committee.Size, signers,
            voteClass == VoteClass.Prepare ? ValueArray<int>.Repeat(validRound, quorum) : default,
            ValueArray<Signature>.Of(signatures));
    }
}

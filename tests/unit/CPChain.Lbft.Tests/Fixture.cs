using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests;

/// <summary>
/// Values that tests share. The machine looks at no signature, so a seat's number stands for its signature.
/// </summary>
internal static class Fixture
{
    public static LbftParameters Times { get; } = LbftParameters.ForPeriod(1000);

    public static Hash256 Hash(string name)
    {
        Span<byte> bytes = stackalloc byte[32];
        System.Text.Encoding.ASCII.GetBytes(name.AsSpan(0, Math.Min(name.Length, 32)), bytes);
        return Hash256.FromBytes(bytes);
    }

    public static Signature SignatureOf(int seat)
    {
        Span<byte> bytes = stackalloc byte[Signature.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes[28..], seat + 1);
        bytes[63] = 1;
        Assert.True(Signature.TryFromBytes(bytes, out Signature signature));
        return signature;
    }

    public static SignedStatement Signed(int seat, Statement statement) => new(statement, SignatureOf(seat));

    public static Certificate Certificate(
        CommitteeSize committee, VoteClass voteClass, BlockNumber height, int round, Hash256 hash, SeatSet signers,
        Func<Seat, int>? validRoundOf = null)
    {
        List<Signature> signatures = [];
        List<int> validRounds = [];
        foreach (Seat seat in signers)
        {
            signatures.Add(SignatureOf(seat.Index));
            if (voteClass == VoteClass.Prepare) validRounds.Add(validRoundOf?.Invoke(seat) ?? Statement.NoRound);
        }

        return new Certificate(
            voteClass, height, round, hash, committee, signers,
            ValueArray<int>.Of([.. validRounds]), ValueArray<Signature>.Of([.. signatures]));
    }

    public static SeatSet Seats(params ReadOnlySpan<int> seats)
    {
        SeatSet set = SeatSet.Empty;
        foreach (int seat in seats) set = set.With(new Seat(seat));
        return set;
    }
}

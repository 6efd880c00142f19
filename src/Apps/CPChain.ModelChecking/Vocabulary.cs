using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.ModelChecking;

/// <summary>The one height that is explored: its values, facts and stubbed signatures.</summary>
/// <remarks>The machine looks at no signature, so one stands for all of them.</remarks>
internal sealed class Vocabulary(Model model)
{
    public const int ValuesMax = Model.BlocksMax + 1;

    public static readonly BlockNumber Height = new(1);
    public static readonly LbftParameters Times = LbftParameters.ForPeriod(1000);
    public static readonly Signature AnySignature = MakeSignature();
    private static readonly Hash256[] Values = [MakeHash(1), MakeHash(2), MakeHash(3)];

    public static ulong OpensAtMs => (ulong)Times.PeriodMs;

    public HeightFacts FactsOf(Seat self) => new(Height, MakeHash(9), 0, model.Committee, self, Values[0]);

    public static Hash256 HashOf(int value) => Values[value];

    public static int ValueOf(Hash256 hash) => Array.IndexOf(Values, hash);

    /// <summary>The place of (round, value) in a bit set of votes.</summary>
    public static int Bit(int round, int value) => (round * ValuesMax) + value;

    public static bool IsIn(ulong votes, int round, int value) => (votes & (1UL << Bit(round, value))) != 0;

    public static SignedStatement Sign(Statement statement) => new(statement, AnySignature);

    public int QuorumOf(int round) => model.Rules.QuorumOf(model.Committee, round);

    /// <summary>A certificate of the lowest seats; which members signed makes no difference to the machine.</summary>
    public Certificate CertificateOf(VoteClass voteClass, int round, int value)
    {
        int quorum = QuorumOf(round);
        SeatSet signers = SeatSet.Empty;
        for (int seat = 0; seat < quorum; seat++) signers = signers.With(new Seat(seat));
        return new Certificate(
            voteClass, Height, round, HashOf(value), model.Committee, signers,
            voteClass == VoteClass.Prepare ? ValueArray<int>.Repeat(Statement.NoRound, quorum) : default,
            ValueArray<Signature>.Repeat(AnySignature, quorum));
    }

    /// <summary>The impeachment vote or the PREPARE or COMMIT of this round and value.</summary>
    public static SignedStatement Vote(VoteClass voteClass, int round, int value, int validRound = Statement.NoRound) =>
        Sign(Statement.Vote(voteClass, Height, round, HashOf(value), validRound));

    public static SignedStatement Wish(int round) =>
        Sign(new Statement(StatementKind.Wish, Height, round, Hash256.Zero));

    public static Hash256 MakeHash(byte number)
    {
        byte[] bytes = new byte[Hash256.Length];
        bytes[0] = number;
        return Hash256.FromBytes(bytes);
    }

    private static Signature MakeSignature()
    {
        Span<byte> bytes = stackalloc byte[Signature.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes[28..], 1);
        bytes[63] = 1;
        return Signature.TryFromBytes(bytes, out Signature signature)
            ? signature
            : throw new InvariantViolation("r = s = 1 is a canonical signature.");
    }
}

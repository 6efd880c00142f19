using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Lbft.Votes;

/// <summary>The chain whose signatures these are: a signature for one chain says nothing on another (L2.4).</summary>
public readonly record struct ChainDomain(Hash256 GenesisHash, ulong ChainId);

/// <summary>What one signature asserts: the tuple of L2.4. ValidRound is -1 for "none".</summary>
public readonly record struct Statement(
    StatementKind Kind, BlockNumber Height, int Round, Hash256 Hash, int ValidRound = Statement.NoRound)
{
    /// <summary>The valid round of a value that no certificate backs.</summary>
    public const int NoRound = -1;

    /// <summary>Highest round that the formats carry; ValidRound + 1 must fit an int.</summary>
    public const int RoundMax = int.MaxValue - 1;

    public const int DigestInputLength = 10 + Hash256.Length + 8 + 1 + 8 + 4 + Hash256.Length + 4;

    /// <summary>Kind, round and valid round fit together; any other combination is invalid (L2.4).</summary>
    public bool IsWellFormed => Kind switch
    {
        StatementKind.Prepare or StatementKind.Commit => Round == 0 && ValidRound == NoRound,
        StatementKind.ImpeachPrepare => Round is >= 1 and <= RoundMax && ValidRound >= NoRound && ValidRound < Round,
        StatementKind.ImpeachCommit => Round is >= 1 and <= RoundMax && ValidRound == NoRound,
        StatementKind.Propose or StatementKind.Status =>
            Round is >= 2 and <= RoundMax && ValidRound >= NoRound && ValidRound < Round,
        StatementKind.Wish => Round is >= 1 and <= RoundMax && ValidRound == NoRound && Hash == Hash256.Zero,
        StatementKind.Seal or StatementKind.Head => Round == 0 && ValidRound == NoRound,
        _ => false,
    };

    public VoteClass Class => Kind.Class();

    /// <summary>A vote of the kind that belongs to its class and round.</summary>
    public static Statement Vote(
        VoteClass voteClass, BlockNumber height, int round, Hash256 hash, int validRound = NoRound) =>
        new(StatementKinds.VoteKind(voteClass, round), height, round, hash, validRound);

    /// <summary>D of L2.4, what is signed.</summary>
    public Hash256 Digest(in ChainDomain domain)
    {
        Span<byte> input = stackalloc byte[DigestInputLength];
        "CPC-LBFT/2"u8.CopyTo(input);
        domain.GenesisHash.CopyTo(input[10..42]);
        BinaryPrimitives.WriteUInt64BigEndian(input[42..], domain.ChainId);
        input[50] = (byte)Kind;
        BinaryPrimitives.WriteUInt64BigEndian(input[51..], Height.Value);
        BinaryPrimitives.WriteInt32BigEndian(input[59..], Round);
        Hash.CopyTo(input[63..95]);
        BinaryPrimitives.WriteInt32BigEndian(input[95..], ValidRound + 1);
        return Keccak256.Hash(input);
    }

    public override string ToString() => ValidRound == NoRound
        ? $"{Kind}({Height}, r{Round}, {Short(Hash)})"
        : $"{Kind}({Height}, r{Round}, {Short(Hash)}, vr{ValidRound})";

    private static string Short(Hash256 hash) => hash.ToString()[..10];
}

/// <summary>A statement with the signature that makes it somebody's.</summary>
public sealed record SignedStatement(Statement Statement, Signature Signature);

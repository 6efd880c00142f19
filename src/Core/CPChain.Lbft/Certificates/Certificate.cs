using CPChain.Crypto;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Certificates;

/// <summary>Proof that Q distinct members of V(h) voted for one value in one class of one round (L4).</summary>
/// <remarks>
/// Signatures (and, in the P-class, valid rounds) are in ascending order of seat, exactly Q of them.
/// A value of this type is well-formed but not yet believed: <see cref="CertificateVerifier"/> checks the signatures.
/// </remarks>
public sealed record Certificate(
    VoteClass Class,
    BlockNumber Height,
    int Round,
    Hash256 Hash,
    CommitteeSize Committee,
    SeatSet Signers,
    ValueArray<int> ValidRounds,
    ValueArray<Signature> Signatures)
{
    /// <summary>The statement that the signer at this place among the signers has signed.</summary>
    public Statement StatementAt(int place) => Statement.Vote(
        Class, Height, Round, Hash, Class == VoteClass.Prepare && Round > 0 ? ValidRounds[place] : Statement.NoRound);

    public override string ToString() =>
        $"{(Class == VoteClass.Prepare ? 'P' : 'C')}-cert({Height}, r{Round}, {Hash.ToString()[..10]}, {Signers})";
}

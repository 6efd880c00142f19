using CPChain.Lbft.Blocks;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Evidence;

/// <summary>
/// Compares what members say with what they said before and keeps the proof once per member and height (L22.2).
/// </summary>
internal static class MisconductWatch
{
    public static void VoteSeen(ref Turn turn, Seat voter, SignedStatement vote)
    {
        if (turn.State.Members.Convicted.Contains(voter)) return;

        foreach (RoundVotes votes in turn.State.Votes)
        {
            if (Judge(ref turn, voter, votes.Prepares[voter.Index], vote)) return;
            if (Judge(ref turn, voter, votes.Commits[voter.Index], vote)) return;
        }

        foreach (Certificate known in turn.State.Prepared)
            if (JudgeSigner(ref turn, voter, known, vote)) return;
    }

    /// <summary>
    /// Every signature of a certificate is a vote: it may contradict one that came by itself or in another certificate.
    /// </summary>
    public static void CertificateSeen(ref Turn turn, Certificate certificate)
    {
        int place = 0;
        foreach (Seat signer in certificate.Signers)
        {
            if (place < certificate.Signatures.Length && !turn.State.Members.Convicted.Contains(signer))
                JudgeSignature(ref turn, signer, certificate, place);
            place++;
        }
    }

    /// <summary>Both certificates of a final height: whoever signed both is guilty (L20, L22.3).</summary>
    public static void ForkSeen(ref Turn turn, Certificate first, Certificate second)
    {
        foreach (Seat signer in first.Signers)
        {
            if (SignedBy(first, signer) is not { } one || SignedBy(second, signer) is not { } other) continue;
            if (MisconductRules.Judge(one.Statement, other.Statement) is not { } kind) continue;

            turn.Do(new LbftEffect.RecordEvidence(new Misconduct(kind, one, other)));
        }
    }

    public static void ProposeSeen(ref Turn turn, Seat coordinator, SignedStatement earlier, SignedStatement later)
    {
        if (!turn.State.Members.Convicted.Contains(coordinator)) Judge(ref turn, coordinator, earlier, later);
    }

    public static void SealSeen(ref Turn turn, BlockEntry earlier, BlockEntry later)
    {
        if (turn.State.Members.IsProposerConvicted || earlier.Seal is null || later.Seal is null) return;

        turn.Members = turn.Members with { IsProposerConvicted = true };
        BlockNumber height = turn.State.Height;
        turn.Do(new LbftEffect.RecordEvidence(new Misconduct(
            MisconductKind.TwoSeals, SealOf(height, earlier), SealOf(height, later))));
    }

    private static bool Judge(ref Turn turn, Seat member, SignedStatement? earlier, SignedStatement later)
    {
        if (earlier is null || MisconductRules.Judge(earlier.Statement, later.Statement) is not { } kind) return false;

        turn.Members = turn.Members with { Convicted = turn.Members.Convicted.With(member) };
        turn.Do(new LbftEffect.RecordEvidence(new Misconduct(kind, earlier, later)));
        return true;
    }

    private static void JudgeSignature(ref Turn turn, Seat signer, Certificate certificate, int place)
    {
        Statement said = certificate.StatementAt(place);
        foreach (RoundVotes votes in turn.State.Votes)
        {
            if (Contradicts(votes.Prepares[signer.Index], said) || Contradicts(votes.Commits[signer.Index], said))
            {
                VoteSeen(ref turn, signer, new SignedStatement(said, certificate.Signatures[place]));
                return;
            }
        }

        foreach (Certificate known in turn.State.Prepared)
            if (JudgeSigner(ref turn, signer, known, certificate, place)) return;
        if (turn.State.Decision is { } decision) JudgeSigner(ref turn, signer, decision, certificate, place);
    }

    private static bool Contradicts(SignedStatement? earlier, in Statement later) =>
        earlier is not null && MisconductRules.Judge(earlier.Statement, later) is not null;

    // Signatures are taken out of a certificate only when they prove something: this runs for every vote.
    private static bool JudgeSigner(ref Turn turn, Seat signer, Certificate known, SignedStatement later) =>
        PlaceOf(known, signer) is { } place
        && MisconductRules.Judge(known.StatementAt(place), later.Statement) is not null
        && Judge(ref turn, signer, new SignedStatement(known.StatementAt(place), known.Signatures[place]), later);

    private static bool JudgeSigner(ref Turn turn, Seat signer, Certificate known, Certificate later, int place) =>
        PlaceOf(known, signer) is { } before
        && MisconductRules.Judge(known.StatementAt(before), later.StatementAt(place)) is not null
        && JudgeSigner(ref turn, signer, known, new SignedStatement(later.StatementAt(place), later.Signatures[place]));

    private static SignedStatement? SignedBy(Certificate certificate, Seat signer) =>
        PlaceOf(certificate, signer) is { } place
            ? new SignedStatement(certificate.StatementAt(place), certificate.Signatures[place])
            : null;

    private static int? PlaceOf(Certificate certificate, Seat signer)
    {
        if (!certificate.Signers.Contains(signer)) return null;

        int place = 0;
        foreach (Seat seat in certificate.Signers)
        {
            if (seat == signer) break;
            place++;
        }

        return place < certificate.Signatures.Length ? place : null;
    }

    private static SignedStatement SealOf(BlockNumber height, BlockEntry block) =>
        new(new Statement(StatementKind.Seal, height, 0, block.Hash), block.Seal!.Value);
}

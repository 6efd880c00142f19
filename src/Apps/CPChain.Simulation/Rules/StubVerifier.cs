using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Rules;

/// <summary>
/// What a host checks before a message becomes an event: signer, form, certificates, and that a body is what was asked for.
/// </summary>
internal sealed class StubVerifier(CommitteeSize committee, LbftRules rules)
{
    private readonly bool _isExact = ReferenceEquals(rules, LbftRules.Certified);

    /// <summary>The event as a host would make it; null for one that it refuses.</summary>
    public LbftEvent.FromPeer? Establish(LbftEvent.FromPeer said, RulesWorld world, RulesNode node)
    {
        HeightFacts facts = node.State.Facts;
        switch (said)
        {
            case LbftEvent.VoteReceived e:
                if (!e.Vote.Statement.Kind.IsVote() || !IsGenuine(e.Voter, e.Vote)) return null;
                return e.Attached is null || IsGood(e.Attached, e.Height, facts) ? e : e with { Attached = null };
            case LbftEvent.WishReceived e:
                if (e.Wish.Statement.Kind != StatementKind.Wish || !IsGenuine(e.Sender, e.Wish)) return null;
                return e.High is null || IsGood(e.High, e.Height, facts) ? e : e with { High = null };
            case LbftEvent.StatusReceived e:
                if (e.Status.Statement.Kind != StatementKind.Status || !IsGenuine(e.Sender, e.Status)) return null;
                return e.Entry is null || IsGood(e.Entry, e.Height, facts) ? e : e with { Entry = null };
            case LbftEvent.ProposeReceived e:
                if (e.Propose.Statement.Kind != StatementKind.Propose || !IsGenuine(e.Sender, e.Propose)) return null;
                return e.Backing is null || IsGood(e.Backing, e.Height, facts) ? e : e with { Backing = null };
            case LbftEvent.CertificateReceived e:
                return IsGood(e.Certificate, e.Certificate.Height, facts) ? e : null;
            case LbftEvent.ProposalReceived e:
                return IsSealed(e, world) ? e : null;
            case LbftEvent.BodyReceived e:
                return world.Blocks.Find(e.Hash) is { } block && block.Height == e.Height ? e : null;
            default:
                return null;
        }
    }

    private static bool IsSealed(LbftEvent.ProposalReceived e, RulesWorld world)
    {
        Statement seal = new(StatementKind.Seal, e.Height, 0, e.Hash);
        return world.Blocks.Find(e.Hash) is { IsImpeach: false } block
            && block.Height == e.Height
            && block.TimeMs == e.TimeMs
            && StubSignatures.Sign(world.ProposerKeyOf(e.Height.Value), seal, RulesWorld.Chain) == e.Seal;
    }

    private bool IsGenuine(Seat signer, SignedStatement signed) =>
        signed.Statement.IsWellFormed
        && signer.Index < committee.Validators
        && StubSignatures.Sign(signer.Index, signed.Statement, RulesWorld.Chain) == signed.Signature;

    // Weakened rules count signatures that no certificate of the format could carry, so only their signers are checked.
    private bool IsGood(Certificate certificate, BlockNumber height, HeightFacts facts)
    {
        int quorum = rules.QuorumOf(committee, certificate.Round);
        if (certificate.Height != height
            || certificate.Committee != committee
            || certificate.Signatures.Length != quorum
            || (_isExact && certificate.Signers.Count != quorum)
            || !certificate.Signers.Except(SeatSet.All(committee)).IsEmpty
            || certificate.ValidRounds.Length != (certificate.Class == VoteClass.Prepare ? quorum : 0)
            || (certificate.Round == 0 && height == facts.Height && certificate.Hash == facts.ImpeachHash))
            return false;

        if (!_isExact) return true;

        int place = 0;
        foreach (Seat seat in certificate.Signers)
        {
            Statement statement = certificate.StatementAt(place);
            if (!statement.IsWellFormed
                || StubSignatures.Sign(seat.Index, statement, RulesWorld.Chain) != certificate.Signatures[place])
                return false;
            place++;
        }

        return true;
    }
}

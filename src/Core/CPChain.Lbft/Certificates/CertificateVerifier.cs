using CPChain.Crypto;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Certificates;

/// <summary>Why a certificate is not believed.</summary>
public enum CertificateFault
{
    None,

    /// <summary>Made for a committee of another size.</summary>
    WrongCommittee,

    /// <summary>Not exactly Q distinct members, or parts that do not match their number.</summary>
    WrongSignerCount,

    /// <summary>The impeach block has no votes of round 0 (L4.3).</summary>
    ImpeachBlockInRoundZero,

    /// <summary>A round or valid round that no vote can have.</summary>
    WrongRound,

    /// <summary>A signature is not that of the member in its seat.</summary>
    WrongSigner,
}

/// <summary>Checks a certificate against V(h); pure, and cheap checks come before any signature (L4.3).</summary>
public static class CertificateVerifier
{
    /// <param name="certificate">What was decoded.</param>
    /// <param name="committee">V(h) of the certificate's height.</param>
    /// <param name="domain">This chain.</param>
    /// <param name="impeachHash">I_h where it is known; its certificates of round 0 are invalid.</param>
    public static CertificateFault Verify(
        Certificate certificate, Committee committee, in ChainDomain domain, Hash256? impeachHash = null)
    {
        CertificateFault fault = CheckForm(certificate, committee.Size, impeachHash);
        if (fault != CertificateFault.None) return fault;

        int place = 0;
        foreach (Seat seat in certificate.Signers)
        {
            Statement statement = certificate.StatementAt(place);
            if (!statement.IsWellFormed) return CertificateFault.WrongRound;

            Hash256 digest = statement.Digest(domain);
            if (!Secp256k1.TryRecoverAddress(digest, certificate.Signatures[place], out Address signer)
                || signer != committee[seat])
                return CertificateFault.WrongSigner;
            place++;
        }

        return CertificateFault.None;
    }

    private static CertificateFault CheckForm(Certificate certificate, CommitteeSize committee, Hash256? impeachHash)
    {
        if (certificate.Committee != committee) return CertificateFault.WrongCommittee;

        int quorum = committee.StrongQuorum;
        if (certificate.Signers.Count != quorum
            || !certificate.Signers.Except(SeatSet.All(committee)).IsEmpty
            || certificate.Signatures.Length != quorum
            || certificate.ValidRounds.Length != (certificate.Class == VoteClass.Prepare ? quorum : 0))
            return CertificateFault.WrongSignerCount;

        return certificate.Round == 0 && certificate.Hash == impeachHash
            ? CertificateFault.ImpeachBlockInRoundZero
            : CertificateFault.None;
    }
}

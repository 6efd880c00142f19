using CPChain.Lbft.Certificates;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Ledger;
using CPChain.Types;

namespace CPChain.Consensus.Signing;

/// <summary>
/// Finds that this node's memory is older than what its key has signed: a certificate holds a signature of the key of which the signer's
/// record knows nothing. So somebody has put back a copy of the directory, and what was said since is forgotten (rule J5.5).
/// </summary>
internal static class OwnSignatures
{
    /// <summary>Certificates below the head that are looked at when a node opens.</summary>
    private const ulong HeightsMax = 256;

    /// <summary>Whether the certificate holds a signature of this member that the record cannot account for.</summary>
    internal static bool IsForgotten(SignerRecord record, Certificate certificate, Committee committee, in Address identity) =>
        committee.TrySeatOf(identity, out Seat seat) && certificate.Signers.Contains(seat) && !MayHaveSigned(record, certificate);

    /// <summary>What a ledger says that is newer than the record beside it, or null.</summary>
    internal static string? FindIn(
        ChainLedger ledger, SignerRecord? record, BlockNumber muteThrough, Func<ulong, Committee?> committeeOf, in Address identity)
    {
        if (record is null)
        {
            return null;
        }
        ulong head = ledger.Head.Number;
        ulong known = Math.Max(record.Height.Value, muteThrough.Value);
        ulong lowest = Math.Max(known + 1, head > HeightsMax ? head - HeightsMax : 1);
        for (ulong height = head; height >= lowest; height--)
        {
            if (ledger.CertificateOf(height) is { } bytes && CertificateCodec.TryDecode(bytes, out Certificate? certificate, out _)
                && committeeOf(height) is { } committee && IsForgotten(record, certificate, committee, identity))
            {
                return Describe(certificate);
            }
        }
        return null;
    }

    internal static string Describe(Certificate certificate) =>
        $"the key has signed for block {certificate.Height}, of which the signer's record knows nothing: it is an old copy";

    // Of rounds below the last one the record keeps nothing; what it does not rule out counts as signed.
    private static bool MayHaveSigned(SignerRecord record, Certificate certificate)
    {
        if (record.Height != certificate.Height)
        {
            return record.Height > certificate.Height;
        }
        if (certificate.Class == VoteClass.Commit)
        {
            return record.LastCommitRound >= certificate.Round;
        }
        return record.Round > certificate.Round || (record.Round == certificate.Round && record.Prepare is not null);
    }
}

using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.ModelChecking;

/// <summary>Whether a cluster still decides once the network is timely.</summary>
internal sealed class Liveness(Model model)
{
    private readonly Vocabulary _vocabulary = new(model);

    /// <summary>What is in the way of a decision; null when nothing is, or when it is not asked.</summary>
    /// <remarks>
    /// A cluster does not say who sits where, and a seat decides who coordinates: each validator takes the first seat in turn.
    /// </remarks>
    /// <param name="nodes">The honest validators, alike ones beside each other.</param>
    /// <param name="certified">The P-certificates that can be made.</param>
    public string? StuckFrom(LbftState[] nodes, ulong certified)
    {
        if (model.Progress == Progress.Unchecked) return null;

        for (int first = 0; first < nodes.Length; first++)
        {
            if (first > 0 && ReferenceEquals(nodes[first], nodes[first - 1])) continue;
            if (StuckFromSeats([.. nodes[first..], .. nodes[..first]], certified) is { } stuck) return stuck;
        }

        return null;
    }

    private string? StuckFromSeats(LbftState[] nodes, ulong certified)
    {
        if (model.Progress == Progress.Decides)
            return Healing.Decides(model, nodes) ? null : "no decision within f+2 further rounds of a timely network";

        for (int round = 0; round <= model.RoundMax; round++)
            for (int value = 0; value <= model.Blocks; value++)
                if (Vocabulary.IsIn(certified, round, value) && BlockedBy(nodes, round, value) is { } stuck) return stuck;
        return null;
    }

    private string? BlockedBy(LbftState[] nodes, int round, int value)
    {
        Certificate hidden = _vocabulary.CertificateOf(VoteClass.Prepare, round, value);
        int choices = 1 << nodes.Length;
        for (int choice = 0; choice < choices * choices; choice++)
        {
            SeatSet before = new((UInt128)(choice % choices)), after = new((UInt128)(choice / choices));
            if (!Healing.DecidesDespite(model, nodes, hidden, before, after))
                return $"the certificate of {Move.Name(value)} in round {round}, shown to {before} before they enter "
                    + $"and to {after} before the PROPOSE arrives, blocks an honest coordinator";
        }

        return null;
    }
}

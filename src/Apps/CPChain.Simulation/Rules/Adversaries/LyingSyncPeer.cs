using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>Claims to be far ahead, and answers every question with the certificate or body of something else.</summary>
public sealed class LyingSyncPeer(RulesWorld world) : Adversary(world)
{
    /// <summary>Questions that it was asked.</summary>
    public int Asked { get; private set; }

    public override void Start() => Repeat(150, () =>
    {
        foreach (RulesNode target in Honest.ToList())
            foreach (Seat seat in Seats)
            {
                // A signed wish is proof of nothing: claimed heights are never believed (L19.1).
                BlockNumber claimed = new(target.State.Height.Value + 1 + (ulong)Random.Below(1000));
                Say(seat, target, Wish(seat, claimed, 1 + Random.Below(3)));
            }
    });

    public override void AskedForCertificate(Seat asked, RulesNode by, ulong height)
    {
        Asked++;
        RulesNode? ahead = Honest.FirstOrDefault(node => node.Head > 0);
        if (ahead is null) return;

        Certificate real = Random.Pick(ahead.Ledger);
        Say(asked, by, new LbftEvent.CertificateReceived(real, asked)); // of another height
        Say(asked, by, new LbftEvent.CertificateReceived(
            real with { Height = new BlockNumber(height), Hash = by.State.Facts.ImpeachHash }, asked, IsBodyHeld: true));
    }

    public override void AskedForBody(Seat asked, RulesNode by, Hash256 hash)
    {
        Asked++;
        foreach (SimulatedBlock other in World.Blocks.At(by.State.Height.Value))
            if (other.Hash != hash) Say(asked, by, new LbftEvent.BodyReceived(other.Height, other.Hash, asked));
        Say(asked, by, new LbftEvent.BodyReceived(by.State.Height, Hash256.FromUInt256(new UInt256(Random.Next())), asked));
    }
}

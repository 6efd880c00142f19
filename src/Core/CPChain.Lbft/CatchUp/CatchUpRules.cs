using CPChain.Lbft.Values;

namespace CPChain.Lbft.CatchUp;

/// <summary>
/// Messages of other heights: the behind are answered, the next is buffered, the far ahead are asked (L19.1).
/// </summary>
internal static class CatchUpRules
{
    /// <summary>
    /// Somebody is at a height that is final here: the certificate is the answer, once per member and rho.
    /// </summary>
    public static void Answer(ref Turn turn, LbftEvent.FromPeer e)
    {
        if (e.From is not { } from || turn.State.Members.Answered.Contains(from)) return;
        if (from == turn.State.Facts.Self && turn.State.Facts.IsOfThisSet(e.Height)) return;

        turn.Members = turn.Members with { Answered = turn.Members.Answered.With(from) };
        turn.Do(new LbftEffect.ReplyCertificate(from, e.Height));
    }

    /// <summary>Somebody is ahead. Claimed heights are never believed, only certificates.</summary>
    public static void LookAhead(ref Turn turn, LbftEvent.FromPeer e)
    {
        if (e.Height == turn.State.Height.Next) Buffer(ref turn, e);
        if (e.From is not { } from) return;

        // The seat is one of V(e.Height): in another set it is somebody else, who may well be at this height (L21).
        if (turn.State.Facts.IsOfThisSet(e.Height))
            turn.Members = turn.Members with { Ahead = turn.Members.Ahead.With(from) };
        if (turn.State.Members.Asked.Contains(from)) return;

        turn.Members = turn.Members with { Asked = turn.Members.Asked.With(from) };
        if (e.Height != turn.State.Height.Next) turn.Do(new LbftEffect.SyncFrom(from, e.Height));
        else if (turn.State.Stage == HeightStage.Open) turn.Do(new LbftEffect.RequestCertificate(from, turn.State.Height));
    }

    private static void Buffer(ref Turn turn, LbftEvent.FromPeer e)
    {
        int ofMember = 0;
        foreach (LbftEvent.FromPeer buffered in turn.State.Buffered)
        {
            if (buffered.From != e.From) continue;
            if (buffered.Equals(e)) return;
            ofMember++;
        }

        if (ofMember < turn.State.Parameters.RoundWindow + 2)
            turn.State = turn.State with { Buffered = turn.State.Buffered.Add(e) };
    }
}

using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Synchroniser;

/// <summary>Wishes for a round: who asks for it, who joins, and when it is entered (L12.1 - L12.4).</summary>
internal static class WishRules
{
    /// <summary>L12.1: the timer of the current round expired.</summary>
    public static void TimerExpired(ref Turn turn)
    {
        int next = turn.State.Round + 1;
        if (next > 1 && turn.State.Rules.ImpeachesOnce) return;

        if (turn.State.Rules.EntersOnOwnTimer)
        {
            RoundRules.Enter(ref turn, next);
            return;
        }

        Raise(ref turn, next);
    }

    /// <summary>wish := max(wish, round), and say so to all.</summary>
    public static void Raise(ref Turn turn, int round)
    {
        LbftState state = turn.State;
        if (!state.CanSpeak) return;

        int wish = Math.Max(state.Wish, round);
        turn.State = state with { Wish = wish };
        turn.Sign(new Statement(StatementKind.Wish, state.Height, wish, Hash256.Zero));
        Evaluate(ref turn);
    }

    public static void Received(ref Turn turn, LbftEvent.WishReceived e)
    {
        if (e.High is { } high) CertificateRules.Learn(ref turn, high, e.Sender);
        Note(ref turn, e.Sender, e.Wish.Statement.Round);
    }

    public static void Signed(ref Turn turn, SignedStatement own)
    {
        if (own.Statement.Height != turn.State.Height || own.Statement.Round != turn.State.Wish) return;

        turn.State = turn.State with { OwnWish = own };
        turn.Send(turn.State.Peers, own, turn.State.High);
        turn.Members = turn.Members with { HighSentTo = turn.Members.HighSentTo.Union(turn.State.Peers) };
    }

    /// <summary>L12.2: a member is at this round or wishes for it.</summary>
    public static void Note(ref Turn turn, Seat member, int round)
    {
        LbftState state = turn.State;
        if (state.Stage != HeightStage.Open || member.Index >= state.MaxWishes.Length) return;
        if (round <= state.MaxWishes[member.Index]) return;

        turn.State = state with { MaxWishes = state.MaxWishes.With(member.Index, round) };
        Evaluate(ref turn);
    }

    /// <summary>
    /// L12.3 and L12.4. WISH(1) is never amplified: it comes only from the own T0 or an illicit block.
    /// </summary>
    public static void Evaluate(ref Turn turn)
    {
        LbftState state = turn.State;
        if (state.Stage != HeightStage.Open) return;

        int lowest = state.Rules.AmplifiesRoundOne ? 1 : 2;
        int amplified = HighestWishedBy(state, state.Committee.WeakQuorum);
        if (amplified >= lowest && amplified > state.Wish && state.CanSpeak)
        {
            Raise(ref turn, amplified);
            return;
        }

        int entered = HighestWishedBy(state, state.Committee.StrongQuorum);
        if (entered > state.Round) RoundRules.Enter(ref turn, entered);
    }

    private static int HighestWishedBy(LbftState state, int members)
    {
        Span<int> wishes = stackalloc int[SeatSet.Capacity];
        wishes = wishes[..state.MaxWishes.Length];
        state.MaxWishes.Span.CopyTo(wishes);
        if (state.Facts.Self is { } self) wishes[self.Index] = state.Wish;
        wishes.Sort();
        return wishes[^members];
    }
}

using CPChain.Lbft;
using CPChain.Lbft.Blocks;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.ModelChecking;

/// <summary>Drops from a state what can change neither what this validator does nor what can be made of its votes.</summary>
/// <remarks>
/// Counts below a quorum (they may be delivered again), notes and re-sends; P-certificates below hc, since hc.round &lt;= r
/// and a later ec is at least hc; ec once the round's P-class vote is past; valid rounds of votes already judged.
/// </remarks>
internal static class Reduction
{
    public static LbftState Of(LbftState state, Model model)
    {
        bool isEntryPast = state.Round < 2 || !state.MayPrepare;
        return state with
        {
            Votes = default,
            MaxWishes = ValueArray<int>.Repeat(0, model.Committee.Validators),
            Members = MemberNotes.None,
            Proposes = default,
            OwnWish = null,
            OwnStatus = null,
            Buffered = default,
            Wish = model.Entry == RoundEntry.ByWishes ? state.Wish : state.Round,
            Marks = state.Marks & ~HeightMarks.CoordinatorWaited,
            Entry = isEntryPast ? null : state.Entry,
            Prepared = state.High is { } high && !model.Rules.EntryFollowsHighest
                ? ValueArray<Certificate>.Of(Durable.Plain(high)!)
                : state.Prepared,
            Own = Reduce(state.Own),
            Blocks = Reduce(state.Blocks, state.Phase == Phase.Idle),
        };
    }

    private static ValueArray<OwnRound> Reduce(ValueArray<OwnRound> rounds)
    {
        OwnRound[] reduced = rounds.Span.ToArray();
        for (int index = 0; index < reduced.Length; index++)
            if (reduced[index].Prepare is { } prepare)
                reduced[index] = reduced[index] with
                {
                    Prepare = prepare with { Statement = prepare.Statement with { ValidRound = Statement.NoRound } },
                };
        return ValueArray<OwnRound>.Of(reduced);
    }

    private static ValueArray<BlockEntry> Reduce(ValueArray<BlockEntry> blocks, bool isIdle)
    {
        BlockEntry[] reduced = blocks.Span.ToArray();
        for (int index = 0; index < reduced.Length; index++)
            reduced[index] = isIdle ? reduced[index] : new BlockEntry(reduced[index].Hash, 0, null, reduced[index].Stage);
        Array.Sort(reduced, (a, b) => a.Hash.CompareTo(b.Hash));
        return ValueArray<BlockEntry>.Of(reduced);
    }
}

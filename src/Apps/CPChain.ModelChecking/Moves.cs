using CPChain.Lbft;
using CPChain.Lbft.Blocks;

namespace CPChain.ModelChecking;

/// <summary>Everything the adversary can do next to one validator of a cluster.</summary>
internal sealed class Moves(Model model, LocalStates locals)
{
    private readonly Dictionary<(int Local, ulong Certified, ulong Wishing), (int Next, Move Move)[]> _known = [];

    /// <summary>The moves that change the validator in this place, with what it becomes.</summary>
    /// <param name="cluster">Numbers of local states.</param>
    /// <param name="slot">The validator's place.</param>
    /// <param name="certified">The P-certificates that can be made.</param>
    public (int Next, Move Move)[] From(ReadOnlySpan<int> cluster, int slot, ulong certified)
    {
        ulong wishing = model.Entry == RoundEntry.ByWishes ? WishingBeside(cluster, slot) : 0;
        (int, ulong, ulong) key = (cluster[slot], certified, wishing);
        if (_known.TryGetValue(key, out (int, Move)[]? known)) return known;

        int local = cluster[slot];
        List<(int, Move)> successors = [];
        foreach (Move move in MovesOf(locals[local], certified, wishing))
        {
            int next = locals.Step(local, move);
            if (next != local) successors.Add((next, move));
            if (!model.Mishaps.HasFlag(Mishaps.PowerLoss)) continue;

            int votes = locals.VotesIn(local, move);
            for (int vote = 1; vote <= votes; vote++)
            {
                Move cut = move with { PowerLossAt = vote };
                successors.Add((locals.Step(local, cut), cut));
            }
        }

        return _known[key] = [.. successors];
    }

    // A byte per round: how many other members may be shown to wish for it, the Byzantine ones always.
    private ulong WishingBeside(ReadOnlySpan<int> cluster, int slot)
    {
        ulong wishing = 0;
        for (int round = 1; round <= model.RoundMax; round++)
        {
            int count = model.Byzantine;
            for (int other = 0; other < cluster.Length; other++)
                if (other != slot && locals[cluster[other]].State.Wish >= round) count++;
            wishing |= (ulong)count << (8 * round);
        }

        return wishing;
    }

    private IEnumerable<Move> MovesOf(LocalState local, ulong certified, ulong wishing)
    {
        LbftState state = local.State;
        if (state.Phase == Phase.Halted) yield break;

        if (state.Phase == Phase.Idle)
            for (int value = 1; value <= model.Blocks; value++) yield return new Move(MoveKind.Proposal, Value: value);
        for (int block = 0; block < state.Blocks.Length; block++)
            if (state.Blocks[block].Stage == BlockStage.Wanted)
                yield return new Move(MoveKind.Body, Value: Vocabulary.ValueOf(state.Blocks[block].Hash));

        for (int round = 0; round <= model.RoundMax; round++)
            for (int value = 0; value <= model.Blocks; value++)
                if (Vocabulary.IsIn(certified, round, value)) yield return new Move(MoveKind.Prepares, round, value);

        for (int round = state.Round + 1; round <= model.RoundMax; round++)
            foreach (Move move in EntriesOf(local, round, wishing)) yield return move;

        if (model.Mishaps.HasFlag(Mishaps.PowerLoss)) yield return new Move(MoveKind.Restart);
        if (model.Mishaps.HasFlag(Mishaps.LostJournal)) yield return new Move(MoveKind.LoseJournal);
        if (state.Round < 2 || !state.MayPrepare) yield break;

        yield return new Move(MoveKind.Propose, state.Round, Value: 0);
        for (int round = 0; round < state.Round; round++)
            for (int value = 0; value <= model.Blocks; value++)
                if (Vocabulary.IsIn(certified, round, value))
                    yield return new Move(MoveKind.Propose, state.Round, value, ValidRound: round);
    }

    private IEnumerable<Move> EntriesOf(LocalState local, int round, ulong wishing)
    {
        if (model.Entry == RoundEntry.Free)
        {
            yield return new Move(MoveKind.Wishes, round, Count: model.Committee.Validators - 1);
            yield break;
        }

        // A timer of round 0 counts even if its wish is an old one: it is what makes impeachment earned.
        LbftState state = local.State;
        bool isDue = state.Wish == state.Round || (state.Round == 0 && !local.IsImpatient);
        if (round == state.Round + 1 && isDue) yield return new Move(MoveKind.Timer, state.Round);
        if (model.Entry == RoundEntry.ByTimers) yield break;

        int count = (int)((wishing >> (8 * round)) & 0xff);
        if (count >= model.Committee.WeakQuorum)
            yield return new Move(MoveKind.Wishes, round, Count: model.Committee.WeakQuorum);
        if (count > model.Committee.WeakQuorum) yield return new Move(MoveKind.Wishes, round, Count: count);
    }
}

namespace CPChain.ModelChecking;

/// <summary>What must hold of every reachable cluster, whatever the Byzantine members have said.</summary>
internal sealed class Invariants(Model model, LocalStates locals)
{
    /// <summary>Bit (round, value) for each P-certificate that can be made of what has been said.</summary>
    public ulong CertifiedIn(int[] cluster) => MakeableFrom(cluster, local => local.Prepares);

    /// <summary>The first guarantee that this cluster breaks, as a sentence.</summary>
    public string? FaultOf(int[] cluster)
    {
        foreach (int local in cluster)
            if (locals[local].Fault is { } fault) return fault;

        return Prepared(cluster) ?? Decided(cluster) ?? ImpeachedOnDemand(cluster);
    }

    // One certificate a round; a certified block is executed by f+1 honest validators.
    private string? Prepared(int[] cluster)
    {
        ulong certified = CertifiedIn(cluster);
        for (int round = 0; certified != 0 && round <= model.RoundMax; round++)
        {
            int? prepared = null;
            for (int value = 0; value <= model.Blocks; value++)
            {
                if ((certified & (1UL << LocalStates.Bit(round, value))) == 0) continue;
                if (prepared is { } other)
                    return $"two prepare certificates in round {round}: {Move.Name(other)} and {Move.Name(value)}";
                if (value > 0 && Holders(cluster, value) < model.Committee.WeakQuorum)
                    return $"{Move.Name(value)} is certified and fewer than f+1 honest validators have executed it";
                prepared = value;
            }
        }

        return null;
    }

    // Agreement: all C-certificates of the height name one value.
    private string? Decided(int[] cluster)
    {
        ulong decided = MakeableFrom(cluster, local => local.Commits);
        (int Round, int Value)? first = null;
        for (int round = 0; decided != 0 && round <= model.RoundMax; round++)
            for (int value = 0; value <= model.Blocks; value++)
            {
                if ((decided & (1UL << LocalStates.Bit(round, value))) == 0) continue;
                if (first is { } other && other.Value != value)
                    return $"fork: {Move.Name(other.Value)} in round {other.Round} and {Move.Name(value)} in round {round}";
                first ??= (round, value);
            }

        return null;
    }

    // Round 1 only after f+1 honest timers.
    private string? ImpeachedOnDemand(int[] cluster)
    {
        if (model.Entry != RoundEntry.ByWishes) return null;

        int entered = 0, timedOut = 0;
        foreach (int local in cluster)
        {
            if (locals[local].State.Round >= 1) entered++;
            if (locals[local].HasTimedOut) timedOut++;
        }

        return entered > 0 && timedOut < model.Committee.WeakQuorum
            ? "round 1 was entered without f+1 honest timers"
            : null;
    }

    // Bit-parallel counting: after a validator, masks[k] holds the votes that at least k validators have cast.
    private ulong MakeableFrom(int[] cluster, Func<LocalState, ulong> votesOf)
    {
        int needed = model.Rules.QuorumOf(model.Committee) - model.Committee.Faulty;
        Span<ulong> masks = stackalloc ulong[needed + 1];
        masks.Clear();
        masks[0] = ulong.MaxValue;
        foreach (int local in cluster)
        {
            ulong votes = votesOf(locals[local]);
            for (int count = needed; count >= 1; count--) masks[count] |= masks[count - 1] & votes;
        }

        ulong makeable = masks[needed];
        return makeable & ~1UL; // a vote of round 0 for I is void (L4.3)
    }

    private int Holders(int[] cluster, int value)
    {
        int holders = 0;
        foreach (int local in cluster)
            if ((locals[local].Executed & (1UL << value)) != 0) holders++;
        return holders;
    }
}

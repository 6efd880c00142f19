namespace CPChain.ModelChecking;

/// <summary>What must hold of every reachable cluster, whatever the Byzantine members have said.</summary>
internal sealed class Invariants(Model model, LocalStates locals)
{
    private readonly Ballots _ballots = new(model);

    /// <summary>Bit (round, value) for each P-certificate that can be made of what has been said.</summary>
    public ulong CertifiedIn(ReadOnlySpan<int> cluster)
    {
        Span<SaidVotes> said = stackalloc SaidVotes[cluster.Length];
        return _ballots.Certified(SaidIn(cluster, said));
    }

    /// <summary>Bit (round, value) for each C-certificate that can be made of what has been said.</summary>
    public ulong DecidedIn(ReadOnlySpan<int> cluster)
    {
        Span<SaidVotes> said = stackalloc SaidVotes[cluster.Length];
        return _ballots.Decided(SaidIn(cluster, said));
    }

    /// <summary>The first guarantee that this cluster breaks, as a sentence.</summary>
    public string? FaultOf(ReadOnlySpan<int> cluster)
    {
        foreach (int local in cluster)
            if (locals[local].Fault is { } fault) return fault;

        ulong certified = CertifiedIn(cluster);
        return Agreement(cluster)
            ?? Prepared(cluster, certified)
            ?? ImpeachedOnDemand(cluster)
            ?? Discarded(cluster, certified);
    }

    private ReadOnlySpan<SaidVotes> SaidIn(ReadOnlySpan<int> cluster, Span<SaidVotes> said)
    {
        for (int slot = 0; slot < cluster.Length; slot++) said[slot] = locals[cluster[slot]].Said;
        return said;
    }

    // Agreement: all C-certificates of the height name one value.
    private string? Agreement(ReadOnlySpan<int> cluster)
    {
        if (!model.Guarantees.HasFlag(Guarantees.Agreement)) return null;

        ulong decided = DecidedIn(cluster);
        (int Round, int Value)? first = null;
        for (int round = 0; decided != 0 && round <= model.RoundMax; round++)
            for (int value = 0; value <= model.Blocks; value++)
            {
                if (!Vocabulary.IsIn(decided, round, value)) continue;
                if (first is { } other && other.Value != value)
                    return $"fork: {Move.Name(other.Value)} in round {other.Round} and {Move.Name(value)} in round {round}";
                first ??= (round, value);
            }

        return null;
    }

    // One certificate a round; validity: a certified block is executed, and durable, at f+1 honest validators.
    private string? Prepared(ReadOnlySpan<int> cluster, ulong certified)
    {
        for (int round = 0; certified != 0 && round <= model.RoundMax; round++)
        {
            int? prepared = null;
            for (int value = 0; value <= model.Blocks; value++)
            {
                if (!Vocabulary.IsIn(certified, round, value)) continue;
                if (prepared is { } other && model.Guarantees.HasFlag(Guarantees.OneCertificate))
                    return $"two prepare certificates in round {round}: {Move.Name(other)} and {Move.Name(value)}";
                if (value > 0 && model.Guarantees.HasFlag(Guarantees.Validity) && Holders(cluster, value) < model.Committee.WeakQuorum)
                    return $"{Move.Name(value)} is certified and fewer than f+1 honest validators hold it executed";
                prepared = value;
            }
        }

        return null;
    }

    // Round 1 only after f+1 honest timers or sightings of an illicit block.
    private string? ImpeachedOnDemand(ReadOnlySpan<int> cluster)
    {
        if (model.Entry == RoundEntry.Free || !model.Guarantees.HasFlag(Guarantees.NotOnDemand)) return null;

        int entered = 0, impatient = 0;
        foreach (int local in cluster)
        {
            if (locals[local].State.Round >= 1) entered++;
            if (locals[local].IsImpatient) impatient++;
        }

        return entered > 0 && impatient < model.Committee.WeakQuorum
            ? "impeached on demand: round 1 was entered without f+1 honest timers"
            : null;
    }

    // I_h is not certified in a round that f+1 honest validators entered with the proposal's certificate, while no newer
    // certificate for I_h exists.
    private string? Discarded(ReadOnlySpan<int> cluster, ulong certified)
    {
        if (!model.Guarantees.HasFlag(Guarantees.NotDiscarded)) return null;

        for (int round = 1; round <= model.RoundMax; round++)
        {
            if (!Vocabulary.IsIn(certified, round, 0)) continue;

            int bound = 0;
            foreach (int local in cluster)
                if (IsBound(locals[local].Entries, round, certified)) bound++;
            if (bound >= model.Committee.WeakQuorum)
                return $"discarded: I is certified in round {round}, which {bound} honest validators entered with the "
                    + "proposal's certificate";
        }

        return null;
    }

    private static bool IsBound(ulong entries, int round, ulong certified)
    {
        int entry = (int)((entries >> (4 * round)) & 0xf) - 1;
        if (entry < 0) return false;

        for (int newer = entry + 1; newer < round; newer++)
            if (Vocabulary.IsIn(certified, newer, 0)) return false;
        return true;
    }

    private int Holders(ReadOnlySpan<int> cluster, int value)
    {
        int holders = 0;
        foreach (int local in cluster)
            if ((locals[local].Held & (1UL << value)) != 0) holders++;
        return holders;
    }
}

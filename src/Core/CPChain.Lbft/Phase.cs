namespace CPChain.Lbft;

/// <summary>
/// Where a validator stands at a height: the five states of the white paper (L5) and what follows a decision.
/// </summary>
public enum Phase
{
    /// <summary>Round 0, no own vote.</summary>
    Idle,

    /// <summary>Round 0, own PREPARE.</summary>
    Prepare,

    /// <summary>Round 0, own COMMIT.</summary>
    Commit,

    /// <summary>Round 1 or later, no own vote of the C-class in it.</summary>
    ImpeachPrepare,

    /// <summary>Round 1 or later, own IMPEACH-COMMIT in it.</summary>
    ImpeachCommit,

    /// <summary>Decided; the block is not executed here yet (L11).</summary>
    Decided,

    /// <summary>Decided, executed and handed over; the next height has not been entered.</summary>
    Final,

    /// <summary>Stopped by an alarm (L20).</summary>
    Halted,
}

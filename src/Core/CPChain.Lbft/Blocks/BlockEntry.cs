using CPChain.Crypto;
using CPChain.Lbft.Values;
using CPChain.Types;

namespace CPChain.Lbft.Blocks;

/// <summary>How far a block of the open height has come.</summary>
public enum BlockStage : byte
{
    /// <summary>Named by a certificate or by f+1 PREPAREs, but the body is not here (L16).</summary>
    Wanted,

    /// <summary>The host holds the body.</summary>
    Held,

    /// <summary>Being executed by the host.</summary>
    Executing,

    /// <summary>Executed and valid.</summary>
    Executed,

    /// <summary>Deterministically invalid.</summary>
    Invalid,
}

/// <summary>What is known of one block of the open height.</summary>
/// <param name="Hash">Header hash.</param>
/// <param name="TimeMs">Its time, Unix milliseconds; 0 until a proposal brought it.</param>
/// <param name="Seal">The seal of proposer(h); none when the block came by certificate only.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="IsAdmitted">It passed the time test for voting (L7.2).</param>
/// <param name="IsStored">Body and result have been ordered durable.</param>
/// <param name="Holders">Members that the block came from.</param>
public sealed record BlockEntry(
    Hash256 Hash,
    ulong TimeMs,
    Signature? Seal,
    BlockStage Stage,
    bool IsAdmitted = false,
    bool IsStored = false,
    SeatSet Holders = default);

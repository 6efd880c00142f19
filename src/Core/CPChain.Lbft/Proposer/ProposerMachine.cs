using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Proposer;

/// <summary>How far the one block of a height has come at its proposer (L8.1).</summary>
public enum ProposerStage : byte
{
    /// <summary>Not this key's turn, or the height is final.</summary>
    Waiting,

    /// <summary>The slot is not open yet (L7.3).</summary>
    BeforeSlot,

    Building,

    /// <summary>Block and intent are durable, the seal is being made.</summary>
    Sealing,

    /// <summary>Sealed; sent again every rho until the height is final.</summary>
    Sending,
}

/// <summary>Everything that can happen to a proposer.</summary>
public abstract record ProposerEvent
{
    private ProposerEvent() { }

    /// <summary>
    /// The parent is final and executed. IsOwnTurn: proposer(h) is this key, a function of final state only (L8.2).
    /// </summary>
    public sealed record HeightEntered(
        BlockNumber Height, ulong ParentTimeMs, CommitteeSize Committee, bool IsOwnTurn, ulong WallMs) : ProposerEvent;

    /// <summary>Answer to <see cref="ProposerEffect.BuildBlock"/>.</summary>
    public sealed record BlockBuilt(BlockNumber Height, Hash256 Hash) : ProposerEvent;

    /// <summary>Answer to <see cref="ProposerEffect.SealBlock"/>.</summary>
    public sealed record BlockSealed(Statement Statement, Signature Seal) : ProposerEvent;

    /// <summary>A verified vote of this member was seen: it has the block.</summary>
    public sealed record VoteSeen(BlockNumber Height, Seat From) : ProposerEvent;

    /// <summary>The timer of <see cref="ProposerEffect.StartTimer"/> has run out.</summary>
    public sealed record TimerExpired(BlockNumber Height, ulong WallMs) : ProposerEvent;
}

/// <summary>Everything a proposer can ask of its host, in order.</summary>
public abstract record ProposerEffect
{
    private ProposerEffect() { }

    /// <summary>Build one block on the parent with time max(P.time + period, wall) (L7.3).</summary>
    public sealed record BuildBlock(BlockNumber Height, ulong TimeMs) : ProposerEffect;

    /// <summary>
    /// Make the built block durable under this height, with the intent to seal it and no other (L8.1).
    /// </summary>
    public sealed record StoreIntent(BlockNumber Height, Hash256 Hash) : ProposerEffect;

    /// <summary>Sign the seal after the intent is durable; store it with the block; answer with BlockSealed.</summary>
    public sealed record SealBlock(Statement Statement) : ProposerEffect;

    /// <summary>Send the stored block with this seal to these members of V(h).</summary>
    public sealed record SendBlock(SeatSet To, Hash256 Hash, Signature Seal) : ProposerEffect;

    /// <summary>Start or replace the proposer's only timer.</summary>
    public sealed record StartTimer(BlockNumber Height, long DelayMs) : ProposerEffect;
}

/// <summary>What a proposer knows. Sealed survives heights, because it binds (L8.1).</summary>
/// <param name="Parameters">The times of the chain.</param>
/// <param name="Height">The open height.</param>
/// <param name="Stage">How far its block has come.</param>
/// <param name="ParentTimeMs">P.time.</param>
/// <param name="Committee">Size of V(h).</param>
/// <param name="Voted">Members whose vote was seen.</param>
/// <param name="Intent">The last block that this key promised to seal.</param>
/// <param name="SealOfIntent">Its seal, when it was made.</param>
public sealed record ProposerState(
    LbftParameters Parameters,
    BlockNumber Height,
    ProposerStage Stage,
    ulong ParentTimeMs,
    CommitteeSize Committee,
    SeatSet Voted,
    Statement? Intent,
    Signature? SealOfIntent)
{
    /// <summary>A proposer as its durable store leaves it: the last intent and its seal, or none.</summary>
    public static ProposerState Create(LbftParameters parameters, Statement? intent = null, Signature? seal = null) =>
        new(parameters, new BlockNumber(0), ProposerStage.Waiting, 0, CommitteeSize.Of(1), default, intent, seal);
}

/// <summary>The outcome of a proposer's step.</summary>
public readonly record struct ProposerTransition(ProposerState State, ImmutableArray<ProposerEffect> Effects);

/// <summary>L8: one sealed block per height, sent again byte for byte, never a second seal.</summary>
public static class ProposerMachine
{
    public static ProposerTransition Step(ProposerState state, ProposerEvent input) => (state.Stage, input) switch
    {
        (_, ProposerEvent.HeightEntered e) => Enter(state, e), // L8.1, L7.3
        (ProposerStage.BeforeSlot, ProposerEvent.TimerExpired e) when e.Height == state.Height => Build(state, e.WallMs), // L7.3
        (ProposerStage.Building, ProposerEvent.BlockBuilt e) when e.Height == state.Height => Promise(state, e.Hash), // L8.1
        (ProposerStage.Sealing, ProposerEvent.BlockSealed e) when e.Statement == state.Intent => Send(state, e.Seal), // L8.1
        (ProposerStage.Sending, ProposerEvent.VoteSeen e) when e.Height == state.Height =>
            new(state with { Voted = state.Voted.With(e.From) }, []),
        (ProposerStage.Sending, ProposerEvent.TimerExpired e) when e.Height == state.Height => SendAgain(state), // L8.1
        _ => new(state, []),
    };

    private static ProposerTransition Enter(ProposerState state, ProposerEvent.HeightEntered e)
    {
        if (e.Height <= state.Height && state.Stage != ProposerStage.Waiting) return new(state, []);

        ProposerState next = state with
        {
            Height = e.Height,
            Stage = ProposerStage.Waiting,
            ParentTimeMs = e.ParentTimeMs,
            Committee = e.Committee,
            Voted = SeatSet.Empty,
        };
        if (!e.IsOwnTurn) return new(next, []);

        // A restart inside the slot: the promised block is the only one there can be.
        if (state.Intent is { } intent && intent.Height == e.Height)
            return state.SealOfIntent is { } seal
                ? Send(next, seal)
                : new(next with { Stage = ProposerStage.Sealing }, [new ProposerEffect.SealBlock(intent)]);

        ulong opensAtMs = e.ParentTimeMs + (ulong)state.Parameters.PeriodMs;
        if (e.WallMs >= opensAtMs) return Build(next, e.WallMs);

        return Wait(next, opensAtMs - e.WallMs);
    }

    private static ProposerTransition Build(ProposerState state, ulong wallMs)
    {
        ulong opensAtMs = state.ParentTimeMs + (ulong)state.Parameters.PeriodMs;
        if (wallMs < opensAtMs) return Wait(state, opensAtMs - wallMs);

        return new(
            state with { Stage = ProposerStage.Building }, [new ProposerEffect.BuildBlock(state.Height, wallMs)]);
    }

    // A clock far behind is asked again after a timeout at the latest.
    private static ProposerTransition Wait(ProposerState state, ulong delayMs) => new(
        state with { Stage = ProposerStage.BeforeSlot },
        [new ProposerEffect.StartTimer(state.Height, (long)Math.Min(delayMs, (ulong)state.Parameters.TimeoutMs))]);

    private static ProposerTransition Promise(ProposerState state, Hash256 hash)
    {
        Statement seal = new(StatementKind.Seal, state.Height, 0, hash);
        return new(
            state with { Stage = ProposerStage.Sealing, Intent = seal, SealOfIntent = null },
            [new ProposerEffect.StoreIntent(state.Height, hash), new ProposerEffect.SealBlock(seal)]);
    }

    private static ProposerTransition Send(ProposerState state, Signature seal) =>
        SendAgain(state with { Stage = ProposerStage.Sending, SealOfIntent = seal });

    private static ProposerTransition SendAgain(ProposerState state)
    {
        SeatSet missing = SeatSet.All(state.Committee).Except(state.Voted);
        ProposerEffect timer = new ProposerEffect.StartTimer(state.Height, state.Parameters.ResendMs);
        return new(
            state,
            missing.IsEmpty
                ? [timer]
                : [new ProposerEffect.SendBlock(missing, state.Intent!.Value.Hash, state.SealOfIntent!.Value), timer]);
    }
}

using CPChain.Lbft.Certificates;
using CPChain.Lbft.Synchroniser;
using CPChain.Lbft.Values;
using CPChain.Types;

namespace CPChain.Lbft.Blocks;

/// <summary>Getting bodies that a certificate or f+1 PREPAREs name, and their execution (L16).</summary>
internal static class BodyRules
{
    /// <summary>A body is needed now: ask everyone for it, or execute it if it is held.</summary>
    public static void Want(ref Turn turn, Hash256 hash)
    {
        LbftState state = turn.State;
        if (hash == state.Facts.ImpeachHash) return;

        switch (state.Block(hash))
        {
            case null:
                turn.State = state with { Blocks = state.Blocks.Add(new BlockEntry(hash, 0, null, BlockStage.Wanted)) };
                Request(ref turn, hash);
                break;
            case { Stage: BlockStage.Held } held:
                Execute(ref turn, held);
                break;
        }
    }

    /// <summary>The host holds this body already; nothing is done with it until it is wanted.</summary>
    public static void Hold(ref Turn turn, Hash256 hash)
    {
        LbftState state = turn.State;
        if (hash == state.Facts.ImpeachHash) return;

        if (state.Block(hash) is not { } block)
            turn.State = state with { Blocks = state.Blocks.Add(new BlockEntry(hash, 0, null, BlockStage.Held)) };
        else if (block.Stage == BlockStage.Wanted)
            Execute(ref turn, block);
    }

    /// <summary>Asks all other members in parallel; repeated every rho (L16).</summary>
    public static void Request(ref Turn turn, Hash256 hash)
    {
        SeatSet others = SeatSet.All(turn.State.Committee).Without(turn.State.Facts.Self);
        turn.Do(new LbftEffect.RequestBody(turn.State.Height, hash, others));
    }

    /// <summary>A wanted body has come and is executed; one that nobody asked for leaves no trace.</summary>
    public static void Received(ref Turn turn, Hash256 hash, Seat? from)
    {
        if (turn.State.Block(hash) is not { } block) return;

        BlockEntry held = block with { Holders = block.Holders.With(from) };
        Replace(ref turn, held);
        if (held.Stage == BlockStage.Wanted) Execute(ref turn, held);
    }

    public static void Execute(ref Turn turn, BlockEntry block)
    {
        Replace(ref turn, block with { Stage = BlockStage.Executing });
        turn.Do(new LbftEffect.ExecuteBlock(turn.State.Height, block.Hash));
    }

    /// <summary>The host has executed a block: what waited for it may happen now (L9, L10.2, L11).</summary>
    public static void Executed(ref Turn turn, LbftEvent.BlockExecuted e)
    {
        if (turn.State.Block(e.Hash) is not { Stage: BlockStage.Executing } block) return;

        Replace(ref turn, block with { Stage = e.IsValid ? BlockStage.Executed : BlockStage.Invalid });
        if (e.IsValid)
        {
            CertificateRules.TryFinalize(ref turn);
            CertificateRules.TryCommit(ref turn, turn.State.Round);
            ProposalRules.TryPrepare(ref turn);
            return;
        }

        CertificateRules.TryFinalize(ref turn);
        foreach (Certificate certificate in turn.State.Prepared)
        {
            if (certificate.Hash != e.Hash || turn.State.Stage != HeightStage.Open) continue;
            AlarmRules.Halt(ref turn, AlarmReason.CertifiedBlockFailsExecution, certificate, null);
        }

        ProposalRules.JudgeIllicit(ref turn);
    }

    /// <summary>
    /// Orders body and result durable before the first vote for them (L9.3, L10.2); I_h is derived, not stored.
    /// </summary>
    public static void Store(ref Turn turn, Hash256 hash)
    {
        if (turn.State.Block(hash) is not { Stage: BlockStage.Executed, IsStored: false } block) return;

        Replace(ref turn, block with { IsStored = true });
        turn.Do(new LbftEffect.StoreBody(turn.State.Height, hash));
    }

    public static void Replace(ref Turn turn, BlockEntry block)
    {
        ValueArray<BlockEntry> blocks = turn.State.Blocks;
        for (int index = 0; index < blocks.Length; index++)
            if (blocks[index].Hash == block.Hash)
                turn.State = turn.State with { Blocks = blocks.With(index, block) };
    }
}

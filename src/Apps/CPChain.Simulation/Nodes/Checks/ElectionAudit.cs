using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Simulation.Nodes.World;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.Checks;

/// <summary>
/// Works out every committee again as a light verifier does (D18): the seed from the headers of its term, roll and draw from two states.
/// What blocks wrote must be the same, on every node.
/// </summary>
internal static class ElectionAudit
{
    /// <summary>What differs, and how many committees were compared.</summary>
    internal static (IReadOnlyList<string> Differences, int Compared) Of(VirtualWorld world)
    {
        List<string> differences = [];
        int compared = 0;
        ElectedCommittees elections = (ElectedCommittees)world.Watch.Chain.Rules.Committees;
        foreach (VirtualNode node in world.Nodes)
        {
            if (node is not { IsHonest: true, Running: { } running })
                continue;
            Terms terms = ElectionPlan.Parameters.Terms;
            ulong over = terms.TermOf(running.Ledger.Head.Number + 1);
            for (ulong term = Terms.RollLead; term < over + Terms.DrawLead; term++)
            {
                if (Compute(world.Watch.Chain, running.Ledger, elections, term) is not var (computed, stored))
                    continue;
                compared++;
                if (!computed.Equals(stored))
                    differences.Add($"the committee of term {term} on n{node.Index} is not the one that follows from headers and states");
            }
        }
        return (differences, compared);
    }

    // Null where the states are no longer kept, or the ring has forgotten the term.
    private static (Committee Computed, Committee Stored)? Compute(FinalChain chain, ChainLedger ledger, ElectedCommittees elections, ulong term)
    {
        DporParameters parameters = elections.Dpor.Parameters;
        Terms terms = parameters.Terms;
        ulong drawTerm = term - Terms.DrawLead;
        ulong draw = terms.CheckpointOf(drawTerm);
        if (elections.CommitteeOf(term, ledger.Head.Number, ledger.HeadState) is not { } stored)
            return null;
        using LedgerState? atRoll = ledger.StateAt(terms.CheckpointOf(drawTerm - 1));
        using LedgerState? atDraw = ledger.StateAt(draw);
        if (atRoll is null || atDraw is null)
            return null;
        Roll roll = new RollMaker(parameters, elections.Defaults).At(drawTerm - 1, new StoredView(new StateWords(atRoll)));
        Hash256 seedBefore = Hash256.FromUInt256(new StateWords(atRoll).Load(SystemContracts.Dpor, Slots.Seed(drawTerm - 1)));
        Hash256 mix = TermSeed.Begin(seedBefore, drawTerm);
        for (ulong number = terms.FirstOf(drawTerm); number <= draw; number++)
        {
            BlockHeader header = chain.Header(number);
            bool reveals = !header.IsImpeach && !chain.TurnOf(number).Commitment.IsZero;
            mix = TermSeed.Absorb(mix, number, reveals ? Hash256.FromBytes(header.Extra.Span) : Hash256.Zero);
        }
        Committee computed = new Election(parameters, elections.Defaults).At(roll, TermSeed.Finish(mix, drawTerm), new StoredView(new StateWords(atDraw)));
        return (computed, stored);
    }
}

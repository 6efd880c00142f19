using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Sdk.Elections;
using CPChain.Simulation.Nodes.World;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.Checks;

/// <summary>
/// Works out every committee again by the light verifier's code (D18): the seed from the headers of its term, roll and draw from two states.
/// What blocks wrote must be the same, on every node.
/// </summary>
internal static class ElectionAudit
{
    /// <summary>What differs, and how many committees were compared.</summary>
    internal static (IReadOnlyList<string> Differences, int Compared) Of(VirtualWorld world)
    {
        List<string> differences = [];
        int compared = 0;
        ElectionRules rules = ElectionRules.Of(world.Plan.Genesis)!;
        Terms terms = rules.Parameters.Terms;
        foreach (VirtualNode node in world.Nodes)
        {
            if (node is not { IsHonest: true, Running: { } running })
                continue;
            ulong over = terms.TermOf(running.Ledger.Head.Number + 1);
            for (ulong term = Terms.RollLead; term < over + Terms.DrawLead; term++)
            {
                if (Compute(world.Watch.Chain, running.Ledger, rules, term) is not { } drawn)
                    continue;
                compared++;
                if (!drawn.Computed.Equals(drawn.Stored))
                    differences.Add($"the committee of term {term} on n{node.Index} is not the one that follows from headers and states");
            }
        }
        return (differences, compared);
    }

    // Null where the states are no longer kept.
    private static Drawn? Compute(FinalChain chain, ChainLedger ledger, ElectionRules rules, ulong term)
    {
        Terms terms = rules.Parameters.Terms;
        ulong rollTerm = term - Terms.RollLead, drawTerm = term - Terms.DrawLead;
        using LedgerState? atRoll = ledger.StateAt(terms.CheckpointOf(rollTerm));
        using LedgerState? atDraw = ledger.StateAt(terms.CheckpointOf(drawTerm));
        if (atRoll is null || atDraw is null)
            return null;
        TermElection election = new(rules);
        (Roll roll, _, TermBeginning? beginning) = election.ReadRoll(new StateWords(atRoll), atRoll.Number, rollTerm);
        Invariant.Check(beginning is not null, $"the state of a checkpoint has the committee of term {drawTerm}");
        BlockHeader[] headers = [.. Enumerable.Range(0, (int)terms.Length).Select(i => chain.Header(terms.FirstOf(drawTerm) + (ulong)i))];
        return election.Draw(new StateWords(atDraw), atDraw.Number, roll, TermReplay.Of(rules, beginning, headers), beginning.Committee);
    }
}

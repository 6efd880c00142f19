using System.Collections.Immutable;
using CPChain.Dpor;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods.Elections;

/// <summary>dpor_*: candidates, roll, seed and committee of a term (D7 to D9).</summary>
internal static class CommitteeMethods
{
    public static void Add(MethodTable table, RpcNode node)
    {
        ChainReader chain = node.Chain;
        table.Add("dpor_getCommittee", a => Committee(a, chain));
        table.Add("dpor_getRoll", a => Roll(a, chain));
        table.Add("dpor_getSeed", a => Seed(a, chain));
        table.Add("dpor_getCandidates", a => Candidates(a, chain));
    }

    private static RpcAnswer Committee(RpcArguments a, ChainReader chain)
    {
        ulong? wanted = a.Term(0);
        BlockSelector block = a.Block(1);
        if (a.Fault is { } fault) return fault;
        return chain.Read(block, state =>
        {
            ulong term = wanted ?? state.Stored.Term;
            if (state.Stored.CommitteeOf(term) is not { } committee) return NotKnown(state, "committees", term, state.Stored.Committees);
            return RpcAnswer.Of(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("term", term);
                json.WriteNumber("block", state.Header.Number);
                json.WriteNumber("firstNumber", state.Terms.FirstOf(term));
                json.WriteNumber("lastNumber", state.Terms.CheckpointOf(term));
                json.WriteStartArray("seats");
                for (int seat = 0; seat < committee.Seats.Length; seat++)
                {
                    json.WriteStartObject();
                    json.WriteNumber("seat", seat);
                    json.Address("account", committee.Seats[seat].Account);
                    json.WriteBoolean("elected", committee.Seats[seat].Elected);
                    json.Hash("commitment", committee.Seats[seat].Commitment);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            });
        });
    }

    private static RpcAnswer Roll(RpcArguments a, ChainReader chain)
    {
        ulong? wanted = a.Term(0);
        BlockSelector block = a.Block(1);
        Page page = a.Page(2);
        if (a.Fault is { } fault) return fault;
        return chain.Read(block, state =>
        {
            ulong term = wanted ?? state.Stored.Term + Terms.DrawLead;
            if (state.Stored.RollOf(term) is not { } roll) return NotKnown(state, "rolls", term, state.Stored.Rolls);
            return RpcAnswer.Of(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("term", term);
                json.WriteNumber("block", state.Header.Number);
                json.WriteNumber("madeAt", state.Terms.CheckpointOf(term - Terms.RollLead));
                json.WriteNumber("count", roll.Entries.Length);
                json.WriteNumber("low", roll.LowCount);
                json.WriteNumber("from", page.From);
                json.WriteStartArray("entries");
                foreach (RollEntry entry in page.Of(roll.Entries))
                {
                    json.WriteStartObject();
                    json.Address("account", entry.Account);
                    json.WriteNumber("weight", entry.Weight);
                    json.WriteString("group", entry.High ? "high" : "low");
                    json.Hash("commitment", entry.Commitment);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            });
        });
    }

    private static RpcAnswer Seed(RpcArguments a, ChainReader chain)
    {
        ulong? wanted = a.Term(0);
        BlockSelector block = a.Block(1);
        if (a.Fault is { } fault) return fault;
        return chain.Read(block, state =>
        {
            ulong term = wanted ?? state.Stored.Seeds.Last;
            if (state.Stored.SeedOf(term) is not { } seed) return NotKnown(state, "seeds", term, state.Stored.Seeds);
            return RpcAnswer.Of(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("term", term);
                json.WriteNumber("block", state.Header.Number);
                json.WriteNumber("checkpoint", state.Terms.CheckpointOf(term));
                json.Hash("seed", seed);
                json.WriteEndObject();
            });
        });
    }

    private static RpcAnswer Candidates(RpcArguments a, ChainReader chain)
    {
        ulong? wanted = a.Term(0);
        BlockSelector block = a.Block(1);
        Page page = a.Page(2);
        if (a.Fault is { } fault) return fault;
        return chain.Read(block, state =>
        {
            ulong term = wanted ?? state.Stored.PresentTerm;
            ImmutableArray<Candidate> list = state.View.CandidatesOf(term);
            Dictionary<Address, Hash256> standing = new RollMaker(state.Parameters, state.Defaults).WhoStands(term, state.View);
            return RpcAnswer.Of(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("term", term);
                json.WriteNumber("block", state.Header.Number);
                json.WriteNumber("serves", term + Terms.RollLead);
                json.WriteNumber("count", list.Length);
                json.WriteNumber("from", page.From);
                json.WriteStartArray("entries");
                foreach (Candidate candidate in page.Of(list))
                {
                    json.WriteStartObject();
                    json.Address("account", candidate.Account);
                    json.Hash("commitment", candidate.Commitment);
                    json.WriteBoolean("stands", standing.ContainsKey(candidate.Account));
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            });
        });
    }

    private static RpcFault NotKnown(ElectionState state, string what, ulong term, TermRange known) => RpcFault.TermNotKnown(known.IsEmpty
        ? $"the state of block {state.Header.Number} has no {what} yet: the first are made at block {state.Terms.CheckpointOf(0)}"
        : $"the state of block {state.Header.Number} has {what} of the terms {known.First} to {known.Last}, not of {term}; ask at another block");
}

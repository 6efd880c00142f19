using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods.Elections;

/// <summary>dpor_*: who stands, proposes and validates by the state of one block, all at once (D2.4, D17).</summary>
internal static class SnapshotMethods
{
    // A set changes three terms ahead at the earliest, so the present and the next two are settled.
    private const ulong ValidatorLead = 2;

    public static void Add(MethodTable table, RpcNode node) => table.Add("dpor_getSnapshot", a => Snapshot(a, node.Chain));

    private static RpcAnswer Snapshot(RpcArguments a, ChainReader chain)
    {
        BlockSelector block = a.Block(0);
        if (a.Fault is { } fault) return fault;
        return chain.Read(block, state =>
        {
            TermRange known = state.Stored.Committees;
            ulong present = state.Stored.Term;
            ImmutableArray<Candidate> candidates = state.View.CandidatesOf(state.Stored.PresentTerm);
            Committee[] committees = [.. TermsFrom(known.First, known.Last).Select(term => state.Stored.CommitteeOf(term)!)];
            (ulong Term, ImmutableArray<Address> Members)[] validators =
                [.. TermsFrom(present, present + ValidatorLead).Select(term => (term, state.View.ValidatorsOf(term)))];
            return RpcAnswer.Of(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("number", state.Header.Number);
                json.Hash("hash", state.Header.Hash);
                json.WriteNumber("term", present);
                json.Addresses("candidates", candidates.Select(static one => one.Account));
                json.WriteStartObject("proposers");
                foreach (Committee committee in committees) json.Addresses($"{committee.Term}", committee.Seats.Select(static seat => seat.Account));
                json.WriteEndObject();
                json.WriteStartObject("validators");
                foreach ((ulong term, ImmutableArray<Address> members) in validators) json.Addresses($"{term}", members);
                json.WriteEndObject();
                json.WriteEndObject();
            });
        });
    }

    private static IEnumerable<ulong> TermsFrom(ulong first, ulong last)
    {
        for (ulong term = first; term <= last; term++) yield return term;
    }
}

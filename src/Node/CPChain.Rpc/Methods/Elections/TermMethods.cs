using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Dpor;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods.Elections;

/// <summary>dpor_*: terms, views and seats of numbers, and whose the next number is (D2, D10).</summary>
internal static class TermMethods
{
    public static void Add(MethodTable table, RpcNode node)
    {
        ChainReader chain = node.Chain;
        table.Add("dpor_getTerm", a => Term(a, chain));
        table.Add("dpor_getCurrentTerm", a => OfBlock(a, chain, static (terms, number) => terms.TermOf(number)));
        table.Add("dpor_getCurrentView", a => OfBlock(a, chain, static (terms, number) => number == 0 ? 0 : (ulong)terms.ViewOf(number)));
        table.Add("dpor_getCurrentProposerIndex", a => OfBlock(
            a, chain, static (terms, number) => number == 0 ? 0 : (ulong)terms.SeatOf(number)));
        table.Add("dpor_getCommitteeNumber", a => OfBlock(a, chain, static (terms, _) => (ulong)terms.Seats));
        table.Add("dpor_getBlockGenerationInfo", a => Generation(a, chain));
        table.Add("dpor_getProposerByBlock", a => ProposerOf(a, chain));
        table.Add("dpor_getProposers", a => ProposersOf(a, chain));
        table.Add("dpor_getValidators", a => ValidatorsOf(a, chain));
    }

    private static RpcAnswer Term(RpcArguments a, ChainReader chain)
    {
        ulong? wanted = a.OptionalQuantity(0);
        BlockSelector block = a.Block(1);
        if (a.Fault is { } fault) return fault;
        return chain.Read(block, state =>
        {
            Terms terms = state.Terms;
            ulong next = state.Header.Number + 1;
            ulong number = wanted ?? next;
            ulong term = terms.TermOf(number);
            if (term > Terms.Last) return RpcFault.Invalid(0, $"terms end at {Terms.Last}");
            ScheduleState schedule = state.Stored.Schedule();
            Slot slot = state.Stored.NextSlot();
            return RpcAnswer.Of(json =>
            {
                json.WriteStartObject();
                WritePlace(json, terms, number);
                json.WriteNumber("firstNumber", terms.FirstOf(term));
                json.WriteNumber("checkpoint", terms.CheckpointOf(term));
                json.WriteNumber("termLength", terms.Length);
                json.WriteNumber("seats", terms.Seats);
                json.WriteNumber("views", terms.Views);
                json.WriteNumber("block", state.Header.Number);
                json.WriteStartObject("next");
                WritePlace(json, terms, next);
                json.Address("proposer", slot.Account);
                json.WriteBoolean("elected", slot.Elected);
                json.WriteBoolean("fell", schedule.Fell);
                json.WriteBoolean("over", schedule.Over);
                json.WriteNumber("run", schedule.Run);
                json.WriteEndObject();
                json.WriteEndObject();
            });
        });
    }

    // Block 0 has a term, but neither view nor seat (D2.1).
    private static void WritePlace(Utf8JsonWriter json, Terms terms, ulong number)
    {
        json.WriteNumber("number", number);
        json.WriteNumber("term", terms.TermOf(number));
        if (number == 0)
        {
            json.WriteNull("view");
            json.WriteNull("seat");
            return;
        }
        json.WriteNumber("view", terms.ViewOf(number));
        json.WriteNumber("seat", terms.SeatOf(number));
    }

    private static RpcAnswer OfBlock(RpcArguments a, ChainReader chain, Func<Terms, ulong, ulong> figure)
    {
        BlockSelector block = a.Block(0);
        if (a.Fault is { } fault) return fault;
        if (chain.Rules.Elections is not { } elections) return RpcFault.NoElections;
        return chain.HeaderOf(block) is { } header
            ? RpcAnswer.Quantity(figure(elections.Dpor.Parameters.Terms, header.Number)) : RpcFault.NoSuchBlock;
    }

    private static RpcAnswer Generation(RpcArguments a, ChainReader chain)
    {
        BlockSelector block = a.Block(0);
        if (a.Fault is { } fault) return fault;
        return chain.Read(block, state =>
        {
            Terms terms = state.Terms;
            ulong number = state.Header.Number;
            Committee? committee = state.Stored.CommitteeOf(terms.TermOf(number));
            return RpcAnswer.Of(json =>
            {
                json.WriteStartObject();
                WritePlace(json, terms, number);
                json.WriteNumber("termLength", terms.Length);
                json.Address("proposer", state.Header.IsImpeach ? null : state.Header.Coinbase);
                json.WriteStartArray("proposers");
                foreach (CommitteeSeat seat in committee?.Seats ?? []) json.WriteStringValue(seat.Account.ToString());
                json.WriteEndArray();
                json.WriteEndObject();
            });
        });
    }

    private static RpcAnswer ProposerOf(RpcArguments a, ChainReader chain)
    {
        if (NumberOf(a, chain, out ulong number) is { } fault) return fault;
        return chain.TurnOf(number) is { } turn
            ? RpcAnswer.Text(turn.Proposer.ToString())
            : RpcFault.TermNotKnown($"whose block {number} is, is not known: it depends on the state of block {number - 1}");
    }

    private static RpcAnswer ProposersOf(RpcArguments a, ChainReader chain)
    {
        if (NumberOf(a, chain, out ulong number) is { } fault) return fault;
        ImmutableArray<Address> proposers = chain.ProposersOf(number);
        return proposers.IsEmpty ? RpcFault.TermNotKnown($"the committee of block {number} is not known in this state") : List(proposers);
    }

    private static RpcAnswer ValidatorsOf(RpcArguments a, ChainReader chain)
    {
        if (NumberOf(a, chain, out ulong number) is { } fault) return fault;
        return chain.ValidatorsOf(number) is { } validators
            ? List(validators) : RpcFault.TermNotKnown($"the validators of block {number} are not settled yet");
    }

    private static RpcFault? NumberOf(RpcArguments a, ChainReader chain, out ulong number)
    {
        BlockSelector block = a.Block(0);
        number = block.Number ?? (a.Fault is null ? chain.HeaderOf(block)?.Number : null) ?? 0;
        if (a.Fault is { } fault) return fault;
        if (number == 0) return RpcFault.Server("block 0 has neither proposer nor committee, or there is no such block");
        return number == ulong.MaxValue ? RpcFault.Invalid(0, "there is no such number") : null;
    }

    private static RpcAnswer List(ImmutableArray<Address> accounts) => RpcAnswer.Of(json =>
    {
        json.WriteStartArray();
        foreach (Address account in accounts) json.WriteStringValue(account.ToString());
        json.WriteEndArray();
    });
}

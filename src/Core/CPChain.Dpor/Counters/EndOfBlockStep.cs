using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>
/// What every block, ordinary or impeached, writes after its transactions and payments (D4): counters, mix, schedule, and at a
/// checkpoint seed, draw and roll. The only writer of the system contract.
/// </summary>
/// <param name="parameters">The chain's numbers.</param>
/// <param name="defaults">Its default proposers, at least one.</param>
public sealed class EndOfBlockStep(DporParameters parameters, ImmutableArray<Address> defaults)
{
    private readonly ProposerSchedule _schedule = new(parameters, defaults);
    private readonly RollMaker _rolls = new(parameters, defaults);
    private readonly Election _election = new(parameters, defaults);

    /// <summary>Whose number this is, from the state of the block before.</summary>
    public Slot SlotOf(ulong number, IWordView parentState) => DutyOf(number, parentState).Slot;

    /// <summary>The committee of a term that has been drawn, or that has default proposers alone.</summary>
    public Committee CommitteeOf(ulong term, IWordView state) => term < Terms.RollLead
        ? _election.OfDefaults(term, new StoredView(state)) : new StepWords(state).CommitteeOf(term);

    /// <summary>Whose number this may turn out to be, as far as an earlier state tells: who holds the seat, and who answers for it.</summary>
    public bool MayPropose(Address account, ulong number, IWordView state) =>
        _schedule.DefaultOf(number) == account || CommitteeOf(parameters.Terms.TermOf(number), state) is { Seats.Length: > 0 } committee
            && committee.Seats[parameters.Terms.SeatOf(number)].Account == account;

    /// <summary>Whose number this is, and what its reveal must fit (zero where nobody has committed itself to one, D9.2).</summary>
    public (Slot Slot, Hash256 Commitment) DutyOf(ulong number, IWordView parentState)
    {
        ulong term = parameters.Terms.TermOf(number);
        Committee committee = CommitteeOf(term, parentState);
        Slot slot = _schedule.SlotOf(number, new StepWords(parentState).Schedule(), committee);
        return (slot, slot.Elected
            ? committee.Seats[parameters.Terms.SeatOf(number)].Commitment
            : new StoredView(parentState).DefaultCommitmentOf(slot.Account, term));
    }

    /// <summary>Runs the step on the state after transactions and payments.</summary>
    /// <param name="state">That state.</param>
    /// <param name="block">What the block did.</param>
    /// <param name="isRNode">Who is an RNode in it; null to ask the state for each.</param>
    public void Apply(IWordState state, BlockFacts block, Func<Address, bool>? isRNode = null)
    {
        isRNode ??= account => new StoredView(state).DepositOf(account) >= parameters.RNodeDeposit;
        Terms terms = parameters.Terms;
        ulong term = terms.TermOf(block.Number);
        StepWords words = new(state);
        ScheduleState before = words.Schedule();
        Slot slot = _schedule.SlotOf(block.Number, before, CommitteeOf(term, state));
        CountOutcome(words, term, slot, block);
        CountDeeds(words, isRNode, term, block);
        Mix(words, term, block);
        ScheduleState next = _schedule.After(block.Number, before, slot, block.IsImpeach);
        words.SetSchedule(terms.TermOf(block.Number + 1), next);
        if (terms.IsCheckpoint(block.Number))
            CloseTerm(words, state, term);
    }

    private static void CountOutcome(StepWords words, ulong term, Slot slot, BlockFacts block)
    {
        if (!block.IsImpeach)
        {
            words.Change(block.Coinbase, term, static (Deeds deeds) => deeds with { Blocks = Deeds.Up(deeds.Blocks) });
            words.Change(term, totals => totals with
            {
                Ordinary = Deeds.Up(totals.Ordinary),
                ProposerFees = Money.Sum(totals.ProposerFees, block.ProposerFees),
            });
            return;
        }
        words.Change(slot.Account, term, static (Deeds deeds) => deeds with { Impeached = Deeds.Up(deeds.Impeached) });
        words.Change(term, static totals => totals with { Impeached = Deeds.Up(totals.Impeached) });
        if (slot.Elected)
            words.Punish(slot.Account, term);
    }

    private void CountDeeds(StepWords words, Func<Address, bool> isRNode, ulong term, BlockFacts block)
    {
        foreach (Send send in block.Sends)
        {
            if (!isRNode(send.Sender))
                continue;
            words.Change(send.Sender, term, static (Deeds deeds) => deeds with { Sends = Deeds.Up(deeds.Sends) });
            UInt256 lost = FeeParts.Lost(parameters.Fees, send.Fee);
            words.Change(send.Sender, term, (Money money) => money.WithSpent(lost));
        }
        foreach (Address owner in block.Uploads.Where(isRNode))
            words.Change(owner, term, static (Deeds deeds) => deeds with { Uploads = Deeds.Up(deeds.Uploads) });
        foreach (Address seller in block.Sales.Where(isRNode))
            words.Change(seller, term, static (Deeds deeds) => deeds with { Sales = Deeds.Up(deeds.Sales) });
        foreach (Address proxy in block.Receipts.Where(isRNode))
            words.Change(proxy, term, static (Deeds deeds) => deeds with { Receipts = Deeds.Up(deeds.Receipts) });
        foreach (BalanceChange change in block.Balances)
        {
            if (isRNode(change.Account))
                words.Change(change.Account, term, (Money money) => money.WithBalance(change.Before).WithBalance(change.After));
        }
    }

    private void Mix(StepWords words, ulong term, BlockFacts block)
    {
        Hash256 mix = words.Mix;
        if (block.Number == parameters.Terms.FirstOf(term))
            mix = TermSeed.Begin(term == 0 ? block.ParentHash : words.SeedOf(term - 1), term);
        words.Mix = TermSeed.Absorb(mix, block.Number, block.IsImpeach ? Hash256.Zero : block.Reveal);
    }

    private void CloseTerm(StepWords words, IWordState state, ulong term)
    {
        Hash256 seed = TermSeed.Finish(words.Mix, term);
        words.SetSeed(term, seed);
        StoredView view = new(state);
        if (term + Terms.DrawLead >= Terms.RollLead)
            words.SetCommittee(_election.At(words.RollOf(term + Terms.DrawLead), seed, view));
        words.SetRoll(_rolls.At(term, view));
    }
}

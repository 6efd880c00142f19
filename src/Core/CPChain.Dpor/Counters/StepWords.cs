using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Reads and writes the words of the system contract (specs/dpor, "Contracts"; D5, D7.5, D8.6, D10.5).</summary>
/// <param name="state">The storage.</param>
internal sealed class StepWords(IWordView state)
{
    private readonly IWordState? _writable = state as IWordState;

    public Hash256 Mix
    {
        get => Hash256.FromUInt256(Load(Slots.Mix));
        set => Store(Slots.Mix, value.ToUInt256());
    }

    public Hash256 SeedOf(ulong term) => Hash256.FromUInt256(Load(Slots.Seed(term)));

    public void SetSeed(ulong term, in Hash256 seed) => Store(Slots.Seed(term), seed.ToUInt256());

    public ScheduleState Schedule()
    {
        ulong word = Load(Slots.Schedule).U0;
        return new ScheduleState((word >> 32 & 1) != 0, (int)(word >> 48), (word >> 40 & 1) != 0);
    }

    public void SetSchedule(ulong term, ScheduleState next) => Store(Slots.Schedule,
        TermMark.Of(term) | (next.Fell ? 1UL << 32 : 0) | (next.Over ? 1UL << 40 : 0) | ((ulong)next.Run << 48));

    public void Change(Address account, ulong term, Func<Deeds, Deeds> change)
    {
        UInt256 slot = Slots.Deeds(account, term);
        Store(slot, change(Deeds.Read(Load(slot), term)).Pack(term));
    }

    public void Change(Address account, ulong term, Func<Money, Money> change)
    {
        UInt256 slot = Slots.Money(account, term);
        Store(slot, change(Money.Read(Load(slot), term)).Pack(term));
    }

    public void Change(ulong term, Func<TermTotals, TermTotals> change)
    {
        UInt256 slot = Slots.Totals(term);
        Store(slot, change(TermTotals.Read(Load(slot), term)).Pack(term));
    }

    public void Punish(Address account, ulong term)
    {
        UInt256 slot = Slots.Penalties(account);
        Store(slot, new PenaltyQueue(Load(slot)).With(term).Word);
    }

    public Roll RollOf(ulong term) => new(term,
    [
        .. LoadEntries(Slots.Roll(term)).Select(static entry => new RollEntry(
            Address.FromUInt256(entry.First), unchecked((int)(uint)(entry.First >> 160).U0), entry.First.IsBitSet(192),
            Hash256.FromUInt256(entry.Second))),
    ]);

    public void SetRoll(Roll roll) => StoreEntries(Slots.Roll(roll.Term), [.. roll.Entries.Select(static entry => (
        entry.Account.ToUInt256() | ((UInt256)entry.Weight << 160) | (entry.High ? UInt256.One << 192 : UInt256.Zero),
        entry.Commitment.ToUInt256()))]);

    public Committee CommitteeOf(ulong term) => new(term,
    [
        .. LoadEntries(Slots.Committee(term)).Select(static entry => new CommitteeSeat(
            Address.FromUInt256(entry.First), entry.First.IsBitSet(160), Hash256.FromUInt256(entry.Second))),
    ]);

    public void SetCommittee(Committee committee)
    {
        StoreEntries(Slots.Committee(committee.Term), [.. committee.Seats.Select(static seat => (
            seat.Account.ToUInt256() | (seat.Elected ? UInt256.One << 160 : UInt256.Zero), seat.Commitment.ToUInt256()))]);
        foreach (CommitteeSeat seat in committee.Seats)
        {
            if (seat.Elected)
                Store(Slots.LastElected(seat.Account), committee.Term + 1);
        }
    }

    private (UInt256 First, UInt256 Second)[] LoadEntries(in UInt256 slot)
    {
        int words = (int)Load(slot).ToUlongSaturating();
        UInt256 first = Slots.Elements(slot);
        (UInt256 First, UInt256 Second)[] entries = new (UInt256, UInt256)[words / Slots.WordsAnEntry];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = (Load(Slots.Behind(first, Slots.WordsAnEntry * i)), Load(Slots.Behind(first, Slots.WordsAnEntry * i + 1)));
        }
        return entries;
    }

    // Words behind the new end are cleared: what a state holds must not depend on what was longer once.
    private void StoreEntries(in UInt256 slot, ImmutableArray<(UInt256 First, UInt256 Second)> entries)
    {
        int before = (int)Load(slot).ToUlongSaturating();
        int words = Slots.WordsAnEntry * entries.Length;
        UInt256 first = Slots.Elements(slot);
        Store(slot, (ulong)words);
        for (int i = 0; i < entries.Length; i++)
        {
            Store(Slots.Behind(first, Slots.WordsAnEntry * i), entries[i].First);
            Store(Slots.Behind(first, Slots.WordsAnEntry * i + 1), entries[i].Second);
        }
        for (int i = words; i < before; i++)
            Store(Slots.Behind(first, i), UInt256.Zero);
    }

    private UInt256 Load(in UInt256 slot) => state.Load(SystemContracts.Dpor, slot);

    private void Store(in UInt256 slot, in UInt256 word)
    {
        Invariant.Check(_writable is not null, "a final state is read only");
        _writable.Store(SystemContracts.Dpor, slot, word);
    }
}

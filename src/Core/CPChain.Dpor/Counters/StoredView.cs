using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>The view over contract storage: what a node has.</summary>
/// <param name="state">Storage and balances as of one block.</param>
public sealed class StoredView(IWordView state) : IDporView
{
    private static readonly UInt256 DepositMask = new(ulong.MaxValue, ulong.MaxValue);

    /// <inheritdoc/>
    public UInt256 BalanceOf(Address account) => state.BalanceOf(account);

    /// <inheritdoc/>
    public UInt256 DepositOf(Address account) =>
        state.Load(SystemContracts.RNodePool, Slots.Deposit(account)) & DepositMask;

    /// <inheritdoc/>
    public Deeds DeedsOf(Address account, ulong term) => Deeds.Read(Own(Slots.Deeds(account, term)), term);

    /// <inheritdoc/>
    public Money MoneyOf(Address account, ulong term) => Money.Read(Own(Slots.Money(account, term)), term);

    /// <inheritdoc/>
    public PenaltyQueue PenaltiesOf(Address account) => new(Own(Slots.Penalties(account)));

    /// <inheritdoc/>
    public TermTotals TotalsOf(ulong term) => TermTotals.Read(Own(Slots.Totals(term)), term);

    /// <inheritdoc/>
    public ImmutableArray<Candidate> CandidatesOf(ulong term)
    {
        UInt256 slot = Slots.Candidates(term);
        int count = Count(SystemContracts.Campaign, slot);
        UInt256 first = Slots.Elements(slot);
        ImmutableArray<Candidate>.Builder list = ImmutableArray.CreateBuilder<Candidate>(count);
        for (int i = 0; i < count; i++)
        {
            int word = Slots.WordsAnEntry * i;
            list.Add(new Candidate(
                Address.FromUInt256(state.Load(SystemContracts.Campaign, Slots.Behind(first, word))),
                Hash256.FromUInt256(state.Load(SystemContracts.Campaign, Slots.Behind(first, word + 1)))));
        }
        return list.MoveToImmutable();
    }

    /// <inheritdoc/>
    public Hash256 DefaultCommitmentOf(Address account, ulong term) =>
        Hash256.FromUInt256(state.Load(SystemContracts.Campaign, Slots.DefaultCommitment(account, term)));

    /// <inheritdoc/>
    public ImmutableArray<Address> ValidatorsOf(ulong term)
    {
        ulong nextTerm = state.Load(SystemContracts.ValidatorSet, Slots.ValidatorsNextTerm).U0;
        UInt256 slot = nextTerm != 0 && nextTerm <= term ? Slots.ValidatorsNext : Slots.ValidatorsInForce;
        int count = Count(SystemContracts.ValidatorSet, slot);
        UInt256 first = Slots.Elements(slot);
        ImmutableArray<Address>.Builder set = ImmutableArray.CreateBuilder<Address>(count);
        for (int i = 0; i < count; i++)
            set.Add(Address.FromUInt256(state.Load(SystemContracts.ValidatorSet, Slots.Behind(first, i))));
        return set.MoveToImmutable();
    }

    private UInt256 Own(in UInt256 slot) => state.Load(SystemContracts.Dpor, slot);

    // Contracts keep their lists below this; a longer one would be a fault of theirs and must not take the memory of every node.
    private int Count(Address contract, in UInt256 slot) =>
        (int)Math.Min(state.Load(contract, slot).ToUlongSaturating(), DporParameters.CandidatesBound);
}

using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>The view over contract storage: what a node has.</summary>
/// <param name="state">Storage and balances as of one block.</param>
public sealed class StoredView(IWordView state) : IDporView
{
    // More than deposits of the main network can be.
    private const int RNodesMax = 1 << 20;

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
        return AddressesOf(SystemContracts.ValidatorSet, slot);
    }

    /// <summary>First term of the set in force before the named change, and of the change; 0 for none (slot 2).</summary>
    public (ulong Present, ulong Next) ValidatorTerms()
    {
        UInt256 word = state.Load(SystemContracts.ValidatorSet, Slots.ValidatorsNextTerm);
        return (word.U1, word.U0);
    }

    /// <summary>A set that was ever named, by the hash that headers carry; empty for no such set.</summary>
    public ImmutableArray<Address> ValidatorsByHash(in Hash256 setHash) =>
        AddressesOf(SystemContracts.ValidatorSet, Slots.ValidatorsByHash(setHash));

    /// <summary>The members' list of the RNode pool.</summary>
    public ImmutableArray<Address> RNodes() => AddressesOf(SystemContracts.RNodePool, Slots.RNodes, RNodesMax);

    private ImmutableArray<Address> AddressesOf(Address contract, in UInt256 slot, int most = DporParameters.CandidatesBound)
    {
        int count = Count(contract, slot, most);
        UInt256 first = Slots.Elements(slot);
        ImmutableArray<Address>.Builder list = ImmutableArray.CreateBuilder<Address>(count);
        for (int i = 0; i < count; i++)
            list.Add(Address.FromUInt256(state.Load(contract, Slots.Behind(first, i))));
        return list.MoveToImmutable();
    }

    private UInt256 Own(in UInt256 slot) => state.Load(SystemContracts.Dpor, slot);

    // Contracts keep their lists below this; a longer one would be a fault of theirs and must not take the memory of every node.
    private int Count(Address contract, in UInt256 slot, int most = DporParameters.CandidatesBound) =>
        (int)Math.Min(state.Load(contract, slot).ToUlongSaturating(), (ulong)most);
}

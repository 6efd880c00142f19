using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor.Tests;

/// <summary>Accounts by number and small numbers for hand-made cases.</summary>
internal static class Fixture
{
    public static ImmutableArray<Address> Defaults { get; } = [.. Enumerable.Range(0, 4).Select(static i => Of(1_000 + i))];

    public static DporParameters Short => DporParameters.Short;

    public static Address Of(int i) => Address.FromUInt256((ulong)(0x10_0000 + i));

    public static Hash256 Hash(int i) => Hash256.FromUInt256((ulong)i);

    public static UInt256 Cpc(ulong whole) => Units.Cpc * whole;

    /// <summary>A roll of given weights, the first <paramref name="low"/> of them in the low group.</summary>
    public static Roll RollOf(int low, params int[] weights) => new(
        9, [.. weights.Select((weight, i) => new RollEntry(Of(i), weight, i >= low, Hash(100 + i)))]);
}

/// <summary>A view that a test fills by hand.</summary>
internal sealed class HandView : IDporView
{
    public Dictionary<Address, UInt256> Balances { get; } = [];

    public Dictionary<Address, UInt256> Deposits { get; } = [];

    public Dictionary<(Address, ulong), Deeds> Deeds { get; } = [];

    public Dictionary<(Address, ulong), Money> Money { get; } = [];

    public Dictionary<Address, PenaltyQueue> Penalties { get; } = [];

    public Dictionary<ulong, TermTotals> Totals { get; } = [];

    public Dictionary<ulong, ImmutableArray<Candidate>> Candidates { get; } = [];

    public ImmutableArray<Address> Validators { get; set; } = [];

    /// <summary>The one term for which <see cref="Validators"/> holds.</summary>
    public ulong ValidatorsTerm { get; set; }

    public UInt256 BalanceOf(Address account) => Balances.GetValueOrDefault(account);

    public UInt256 DepositOf(Address account) => Deposits.GetValueOrDefault(account);

    public Deeds DeedsOf(Address account, ulong term) => Deeds.GetValueOrDefault((account, term));

    public Money MoneyOf(Address account, ulong term) => Money.GetValueOrDefault((account, term));

    public PenaltyQueue PenaltiesOf(Address account) => Penalties.GetValueOrDefault(account);

    public TermTotals TotalsOf(ulong term) => Totals.GetValueOrDefault(term);

    public ImmutableArray<Candidate> CandidatesOf(ulong term) =>
        Candidates.TryGetValue(term, out ImmutableArray<Candidate> list) ? list : [];

    public Hash256 DefaultCommitmentOf(Address account, ulong term) =>
        Fixture.Defaults.Contains(account) ? Hash256.FromUInt256(account.ToUInt256() + (UInt256)term) : Hash256.Zero;

    public ImmutableArray<Address> ValidatorsOf(ulong term) => term == ValidatorsTerm ? Validators : [];

    /// <summary>Makes accounts RNodes on the list of a term, with balances of 10, 20, 30, ... CPC.</summary>
    public HandView List(ulong term, int count, DporParameters parameters)
    {
        Candidates[term] = [.. Enumerable.Range(0, count).Select(static i => new Candidate(Fixture.Of(i), Fixture.Hash(100 + i)))];
        for (int i = 0; i < count; i++)
        {
            Deposits[Fixture.Of(i)] = parameters.RNodeDeposit;
            Balances[Fixture.Of(i)] = Fixture.Cpc(10UL * (ulong)(i + 1));
        }
        return this;
    }
}

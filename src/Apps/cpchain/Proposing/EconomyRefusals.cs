using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Sdk.Contracts.Generated;

namespace CPChain.App.Proposing;

/// <summary>The economy pool's phases and refusals in words (D14).</summary>
internal static class EconomyRefusals
{
    /// <summary>A phase, and what is possible in it.</summary>
    public static (string Name, string Now) PhaseOf(byte phase) => phase switch
    {
        0 => ("raising", "deposit and withdraw"),
        1 => ("locked", "nothing: deposits earn"),
        _ => ("settling", "claim the interest"),
    };

    public static (string What, string Fix)? Of(ContractError error) => error switch
    {
        EconomyPool.WrongPhaseError wrong => (
            $"the season is {PhaseOf(wrong.Current).Name} until {ChainTime.Show(wrong.Until)}; possible now: {PhaseOf(wrong.Current).Now}.",
            "see 'cpchain economy status', and come back in the phase for it."),
        EconomyPool.DepositTooSmallError small => (
            $"{Coins.Show(small.Least)} at least is needed: a deposit below the least one does not stand.",
            "deposit that much or more; withdraw all of a deposit, or leave that much."),
        EconomyPool.DepositSmallerError smaller => (
            $"the deposit is {Coins.Show(smaller.Deposit)}, less than that.", $"withdraw --amount {Coins.Show(smaller.Deposit, 18)} at most."),
        EconomyPool.NothingToWithdrawError => ("nothing is to be withdrawn.", "name an amount above 0 with --amount."),
        EconomyPool.NoInterestError => (
            "there is no interest for the account in this season or before.", "a deposit first earns in the first season that it stands in whole."),
        EconomyPool.NotStartedError start => ($"the first season begins at {ChainTime.Show(start.Start)}.", "come back then."),
        EconomyPool.SeasonsUnopenedError => ("the pool has slept for many seasons.", "do it again: each call catches up some of them."),
        EconomyPool.SeasonsUnreckonedError => ("the account has slept for many seasons.", "do it again: each call catches up some of them."),
        EconomyPool.PaymentRefusedError => ("the account's code refuses the coins.", "let its code take coins."),
        _ => null,
    };
}

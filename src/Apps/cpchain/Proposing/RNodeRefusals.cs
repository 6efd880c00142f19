using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Sdk.Contracts.Generated;

namespace CPChain.App.Proposing;

/// <summary>The RNode pool's refusals in words (D13).</summary>
internal static class RNodeRefusals
{
    public static (string What, string Fix)? Of(ContractError error) => error switch
    {
        RNodePool.DepositTooSmallError small => (
            $"the deposit is too small: an RNode has {Coins.Show(small.Least)} at least.",
            $"join with --deposit {Coins.Show(small.Least, 18)} or more."),
        RNodePool.AlreadyJoinedError => ("the account is an RNode already.", "see 'cpchain rnode status'."),
        RNodePool.JoiningClosedError => ("governance has closed joining.", "wait until it is open again."),
        RNodePool.ValidatorCannotJoinError => (
            "the account is a validator, or named as one; validators are no RNodes.", "join with another account."),
        RNodePool.VersionTooOldError old => (
            $"the chain asks for version {old.Supported} of this program.", "use a newer program."),
        RNodePool.NotJoinedError => ("the account has no deposit in the RNode pool.", "join first: cpchain rnode join."),
        RNodePool.StayNotOverError stay => (
            $"the deposit stays until {ChainTime.Show(stay.Until)}.", "quit then, or let 'cpchain rnode quit --wait' wait for it."),
        RNodePool.ElectedAheadError ahead => (
            $"the account is elected through term {ahead.LastTerm}; its deposit answers for that term and the one after.",
            $"quit from term {ahead.LastTerm + 2UL} on, or let 'cpchain rnode quit --wait' wait for it."),
        RNodePool.AtRiskForEvidenceError risk => (
            $"the deposit answers through term {risk.ThroughTerm} for what the account did when it was elected.",
            $"quit from term {risk.ThroughTerm + 1UL} on, or let 'cpchain rnode quit --wait' wait for it."),
        RNodePool.NothingOwedError => (
            "the pool owes the account nothing.", "quit first: cpchain rnode quit makes the deposit yours to withdraw."),
        RNodePool.PaymentRefusedError => ("the account's code refuses the coins.", "let its code take coins."),
        _ => null,
    };

    /// <summary>Whether time alone makes a quit possible.</summary>
    public static bool IsTooEarly(ContractError error) =>
        error is RNodePool.StayNotOverError or RNodePool.ElectedAheadError or RNodePool.AtRiskForEvidenceError;
}

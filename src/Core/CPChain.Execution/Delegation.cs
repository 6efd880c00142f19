using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>Sets account code as a transaction's authorisations wish (EIP-7702).</summary>
internal static class Delegation
{
    private const ulong RefundForExisting = 25_000 - 12_500;

    /// <summary>Applies them in order; one that does not hold is skipped.</summary>
    public static void Apply(UnsignedTransaction transaction, StateOverlay state, ulong chainId)
    {
        foreach (Authorization authorization in transaction.Authorizations)
            Apply(authorization, state, chainId);
    }

    private static void Apply(Authorization authorization, StateOverlay state, ulong chainId)
    {
        if (!authorization.ChainId.IsZero && authorization.ChainId != chainId)
            return;
        if (authorization.Nonce == ulong.MaxValue || !authorization.TryRecoverAuthority(out Address authority))
            return;
        state.WarmAccount(authority);
        ReadOnlySpan<byte> code = state.GetCodeOf(authority).Span;
        if (!code.IsEmpty && !TransactionRules.IsDesignator(code))
            return;
        if (state.GetNonce(authority) != authorization.Nonce)
            return;
        if (!state.IsDead(authority))
            state.AddRefund(RefundForExisting);
        state.SetCode(
            authority, authorization.Target.IsZero ? default : TransactionRules.Designator(authorization.Target));
        state.SetNonce(authority, authorization.Nonce + 1);
    }
}

using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Sdk.Elections;

/// <summary>What elections of a chain go by. It comes from the genesis, whose hash is trusted, and never from the node that is asked.</summary>
/// <param name="Parameters">The numbers of D3.</param>
/// <param name="Defaults">The default proposers, in their order.</param>
public sealed record ElectionRules(DporParameters Parameters, ImmutableArray<Address> Defaults)
{
    /// <summary>The rules of a genesis; null for a chain without elections.</summary>
    public static ElectionRules? Of(Genesis genesis) =>
        genesis.Dpor is { } dpor ? new ElectionRules(dpor.Parameters, genesis.Schedule.ProposersOf(1)) : null;
}

using System.Collections.Immutable;
using CPChain.Evm;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>The precompiled contracts that a chain with DPoR has beside Ethereum's (specs/dpor, "Contracts").</summary>
public static class PlatformPrecompiles
{
    /// <summary>Those of one chain, for <see cref="ChainRules.Platform"/>.</summary>
    /// <param name="genesisHash">Hash of block 0.</param>
    /// <param name="chainId">Chain id.</param>
    public static ImmutableArray<IPlatformPrecompile> Of(in Hash256 genesisHash, ulong chainId) =>
        [AdmissionContract.Processor, AdmissionContract.Memory, new EvidenceContract(new ChainDomain(genesisHash, chainId))];
}

using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Contracts.Tests.World;

/// <summary>The contracts of the economy at their addresses (specs/dpor/dpor.md, Contracts).</summary>
internal static class Sys
{
    // Nothing is reached by network: the ABIs encode and decode, the world executes.
    private static readonly ChainClient s_nobody = new(new Uri("http://localhost:1"));

    public static Contract Reserve { get; } = At(SystemContracts.Reserve);
    public static Contract Vesting { get; } = At(SystemContracts.Vesting);
    public static Contract RNodePool { get; } = At(SystemContracts.RNodePool);
    public static Contract EconomyPool { get; } = At(SystemContracts.EconomyPool);
    public static Contract Admission { get; } = At(SystemContracts.Admission);
    public static Contract Campaign { get; } = At(SystemContracts.Campaign);
    public static Contract ValidatorSet { get; } = At(SystemContracts.ValidatorSet);
    public static Contract Evidence { get; } = At(SystemContracts.Evidence);
    public static Contract Dpor { get; } = At(SystemContracts.Dpor);
    public static Contract Parameters { get; } = At(SystemContracts.Parameters);
    public static Contract Congress { get; } = At(SystemContracts.Congress);
    public static Contract Governance { get; } = At(SystemContracts.Governance);

    public static Contract[] All { get; } =
    [
        Reserve, Vesting, RNodePool, EconomyPool, Admission, Campaign, ValidatorSet, Evidence, Dpor, Parameters, Congress, Governance,
    ];

    public static Address CpuVerifier { get; } = Address.FromUInt256(0x0c0e01UL);
    public static Address MemoryVerifier { get; } = Address.FromUInt256(0x0c0e02UL);
    public static Address EvidenceVerifier { get; } = Address.FromUInt256(0x0c0e03UL);

    /// <summary>The sender of what the end-of-block step calls; no key has it.</summary>
    public static Address Step { get; } = Address.Parse("0xfffffffffffffffffffffffffffffffffffffffe");

    private static Contract At(SystemContract contract) => new(s_nobody, contract.Address, contract.Abi);
}

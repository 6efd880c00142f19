using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Contracts.Tests.World;

/// <summary>The contracts of the economy at their addresses (specs/dpor/dpor.md, Contracts).</summary>
internal static class Sys
{
    private static readonly Dictionary<Address, Artifact> s_artifacts = [];

    public static Contract Reserve { get; } = Load("Reserve", 0x03);
    public static Contract Vesting { get; } = Load("Vesting", 0x04);
    public static Contract RNodePool { get; } = Load("RNodePool", 0x05);
    public static Contract EconomyPool { get; } = Load("EconomyPool", 0x06);
    public static Contract Admission { get; } = Load("Admission", 0x07);
    public static Contract Campaign { get; } = Load("Campaign", 0x08);
    public static Contract ValidatorSet { get; } = Load("ValidatorSet", 0x09);
    public static Contract Evidence { get; } = Load("Evidence", 0x0a);
    public static Contract Dpor { get; } = Load("Dpor", 0x0b);
    public static Contract Parameters { get; } = Load("Parameters", 0x0c);
    public static Contract Congress { get; } = Load("Congress", 0x0d);
    public static Contract Governance { get; } = Load("Governance", 0x0e);

    public static Contract[] All { get; } =
    [
        Reserve, Vesting, RNodePool, EconomyPool, Admission, Campaign, ValidatorSet, Evidence, Dpor, Parameters, Congress, Governance,
    ];

    public static Address CpuVerifier { get; } = Address.FromUInt256(0x0c0e01UL);
    public static Address MemoryVerifier { get; } = Address.FromUInt256(0x0c0e02UL);
    public static Address EvidenceVerifier { get; } = Address.FromUInt256(0x0c0e03UL);

    /// <summary>The sender of what the end-of-block step calls; no key has it.</summary>
    public static Address Step { get; } = Address.Parse("0xfffffffffffffffffffffffffffffffffffffffe");

    public static byte[] CodeOf(Contract contract) => s_artifacts[contract.Address].RuntimeCode;

    private static Contract Load(string name, byte number)
    {
        Address address = Address.FromUInt256(0x0c0d00UL + number);
        return (s_artifacts[address] = Artifact.Read(name)).At(address);
    }
}

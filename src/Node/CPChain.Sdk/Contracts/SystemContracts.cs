using System.Text.Json;
using CPChain.Sdk.Abi;
using CPChain.Types;
using Addresses = CPChain.Dpor.SystemContracts;

namespace CPChain.Sdk.Contracts;

/// <summary>A contract that genesis places at a fixed address; made from the committed artifact in contracts/.</summary>
public sealed record SystemContract(string Name, Address Address, ContractAbi Abi, byte[] RuntimeCode);

/// <summary>The contracts that are part of the chain. None has a constructor, so its runtime code is all of it.</summary>
public static class SystemContracts
{
    private const int ArtifactVersion = 1;

    /// <summary>Streams, their owners and records.</summary>
    public static SystemContract DataRegistry { get; } = Load("DataRegistry", Addresses.DataRegistry);

    /// <summary>Listings, orders with escrow, proxies.</summary>
    public static SystemContract Market { get; } = Load("Market", Addresses.Market);

    /// <summary>Pays block rewards and interest, makes no coins.</summary>
    public static SystemContract Reserve { get; } = Load("Reserve", Addresses.Reserve);

    /// <summary>The team's grants.</summary>
    public static SystemContract Vesting { get; } = Load("Vesting", At(0x04));

    /// <summary>Deposits of RNodes.</summary>
    public static SystemContract RNodePool { get; } = Load("RNodePool", Addresses.RNodePool);

    /// <summary>Deposits of economy nodes, interest by seasons.</summary>
    public static SystemContract EconomyPool { get; } = Load("EconomyPool", At(0x06));

    /// <summary>Judges proofs of work.</summary>
    public static SystemContract Admission { get; } = Load("Admission", At(0x07));

    /// <summary>Lists of candidates, commitments.</summary>
    public static SystemContract Campaign { get; } = Load("Campaign", Addresses.Campaign);

    /// <summary>The validator set in force and the next one.</summary>
    public static SystemContract ValidatorSet { get; } = Load("ValidatorSet", Addresses.ValidatorSet);

    /// <summary>Proven faults and what they cost.</summary>
    public static SystemContract Evidence { get; } = Load("Evidence", Addresses.Evidence);

    /// <summary>Views of what the end-of-block step keeps.</summary>
    public static SystemContract Dpor { get; } = Load("Dpor", Addresses.Dpor);

    /// <summary>Numbers that contracts go by.</summary>
    public static SystemContract Parameters { get; } = Load("Parameters", Addresses.Parameters);

    /// <summary>Who votes on proposals.</summary>
    public static SystemContract Congress { get; } = Load("Congress", At(0x0d));

    /// <summary>Proposals, and the calls that they make.</summary>
    public static SystemContract Governance { get; } = Load("Governance", At(0x0e));

    /// <summary>What every genesis has to place.</summary>
    public static IReadOnlyList<SystemContract> All { get; } = [DataRegistry, Market];

    /// <summary>What a genesis with DPoR places besides, with the first words of <see cref="EconomyGenesis"/>; by rising address.</summary>
    public static IReadOnlyList<SystemContract> Economy { get; } =
    [
        Reserve, Vesting, RNodePool, EconomyPool, Admission, Campaign, ValidatorSet, Evidence, Dpor, Parameters, Congress, Governance,
    ];

    // Where elections and the end-of-block step read and write, CPChain.Dpor says; here is only what it does not need.
    private static Address At(byte last) => Address.FromUInt256(0x0c0d00UL | last);

    private static SystemContract Load(string name, Address address)
    {
        string resource = $"CPChain.Sdk.Artifacts.{name}.json";
        using Stream? stream = typeof(SystemContracts).Assembly.GetManifestResourceStream(resource);
        Invariant.Check(stream is not null, $"the resource {resource} is missing");
        using JsonDocument document = JsonDocument.Parse(stream!);
        JsonElement root = document.RootElement;
        int version = root.GetProperty("artifactVersion").GetInt32();
        Invariant.Check(version == ArtifactVersion, $"the artifact {name} has the unknown version {version}");
        return new SystemContract(name, address, ContractAbi.Parse(root.GetProperty("abi")),
            Hex.Decode(root.GetProperty("runtimeBytecode").GetString()!));
    }
}

using System.Text.RegularExpressions;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using Rules = CPChain.Dpor.SystemContracts;

namespace CPChain.Contracts.Tests.Genesis;

/// <summary>One address for each contract, whoever names it.</summary>
public sealed partial class SystemContractsTests
{
    // EIP-170.
    private const int CodeMax = 24_576;

    [Fact]
    public void Contracts_and_code_agree_on_every_address()
    {
        Dictionary<string, Address> named = Constant().Matches(Source("System.sol"))
            .ToDictionary(static match => match.Groups[1].Value, static match => Address.Parse(match.Groups[2].Value));
        // Nobody asks Vesting, so the sources do not name it.
        foreach (SystemContract contract in SystemContracts.Economy.Where(static one => one.Name != "Vesting"))
            Assert.Equal(named[NameOf(contract.Name)], contract.Address);
        Assert.Equal(
            [Rules.Reserve, Rules.RNodePool, Rules.Campaign, Rules.ValidatorSet, Rules.Dpor],
            new[] { named["RESERVE"], named["RNODE_POOL"], named["CAMPAIGN"], named["VALIDATOR_SET"], named["DPOR"] });
        Assert.Equal(World.Sys.CpuVerifier, named["CPU_VERIFIER"]);
        Assert.Equal(World.Sys.MemoryVerifier, named["MEMORY_VERIFIER"]);
        Assert.Equal(World.Sys.EvidenceVerifier, named["EVIDENCE_VERIFIER"]);
        Assert.Equal(World.Sys.Step, named["SYSTEM"]);
    }

    [Fact]
    public void Contracts_follow_each_other_and_have_code_of_an_allowed_size()
    {
        SystemContract[] all = [.. SystemContracts.All, .. SystemContracts.Economy];
        Assert.Equal(Enumerable.Range(1, 14).Select(static last => Address.FromUInt256(0x0c0d00UL + (ulong)last)), all.Select(static one => one.Address));
        Assert.All(all, static one => Assert.InRange(one.RuntimeCode.Length, 1, CodeMax));
        Assert.Equal(
            all.Select(static one => (one.Address, 1UL, Hex.Encode(one.RuntimeCode))),
            World.EconomyWorld.Main.Accounts().Where(static one => !one.Code.IsEmpty).Select(static one => (one.Address, one.Nonce, Hex.Encode(one.Code.Span))));
    }

    [Fact]
    public void D3_parameters_have_the_same_names_in_contracts_and_code()
    {
        Assert.Equal(
            Id().Matches(Source("Parameters.sol")).Select(static match => (match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan)))
                .Where(static row => row.Value != "COUNT"),
            Enum.GetValues<ContractParameter>().Select(static name => (NameOf($"{name}"), (int)name)));
    }

    // RNodePool is RNODE_POOL, CandidatesMax is CANDIDATES_MAX.
    private static string NameOf(string pascal) => Word().Replace(pascal, "_$0").ToUpperInvariant();

    private static string Source(string name)
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CPChain.slnx"))) folder = folder.Parent!;
        return File.ReadAllText(Path.Combine(folder.FullName, "contracts", "src", name));
    }

    [GeneratedRegex(@"^address constant (\w+) = (0x[0-9a-fA-F]{40});", RegexOptions.Multiline)]
    private static partial Regex Constant();

    [GeneratedRegex(@"uint256 internal constant (\w+) = (\d+);")]
    private static partial Regex Id();

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex Word();
}

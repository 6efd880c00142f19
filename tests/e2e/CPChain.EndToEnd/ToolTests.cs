using System.Text.RegularExpressions;

namespace CPChain.EndToEnd;

/// <summary>What Solidity developers use, from npm, against a devnet.</summary>
public sealed partial class ToolTests
{
    [Fact]
    public Task Ethers_deploys_calls_sends_waits_and_reads_events() => RunAsync("tests/e2e/ethers", "test");

    [Fact]
    public Task Hardhat_deploys_and_tests_the_contracts_of_OpenZeppelin_and_viem_uses_them() => RunAsync("tests/e2e/tools", "hardhat", "viem");

    /// <summary>Scripts of a folder's package.json, one after another, with the endpoint and a funded key of a new devnet.</summary>
    private static async Task RunAsync(string path, params string[] scripts)
    {
        string folder = Npm.FolderOf(path);
        await Npm.InstallAsync(folder);
        using TempFolder temp = new();
        await using CpchainProcess devnet = CpchainProcess.Start(
            "devnet", "--dir", temp["devnet"], "--rpc-port", $"{RunningDevnet.FreeRpcPorts()}", "--period", "500");
        string account = await devnet.LineAsync(line => AccountLine().IsMatch(line), TimeSpan.FromSeconds(60));
        string endpoint = await devnet.LineAsync(line => line.Contains("JSON-RPC: ", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        await devnet.LineAsync(line => line.StartsWith("running: block", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        foreach (string script in scripts)
        {
            (int code, string output) = await Npm.RunAsync(folder, TimeSpan.FromMinutes(3), ["run", script], new()
            {
                ["CPCHAIN_RPC_URL"] = endpoint[endpoint.IndexOf("http", StringComparison.Ordinal)..].Trim(),
                ["CPCHAIN_KEY"] = AccountLine().Match(account).Groups[1].Value,
                ["HARDHAT_DISABLE_TELEMETRY_PROMPT"] = "true",
                ["CI"] = "true",
            });
            Assert.True(code == 0, output);
        }

        Assert.Equal(0, await devnet.InterruptAsync());
    }

    [GeneratedRegex(@"\(\d\) +0x[0-9a-fA-F]{40} +(0x[0-9a-f]{64})")]
    private static partial Regex AccountLine();
}

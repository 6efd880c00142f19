using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace CPChain.EndToEnd;

/// <summary>The npm package ethers against a devnet: what a Solidity developer does first (tests/e2e/ethers).</summary>
public sealed partial class EthersTests
{
    [Fact]
    public async Task Ethers_deploys_calls_sends_waits_and_reads_events()
    {
        string folder = Npm.FolderOf("tests/e2e/ethers");
        await Npm.InstallAsync(folder);
        using TempFolder temp = new();
        await using CpchainProcess devnet = CpchainProcess.Start(
            "devnet", "--dir", temp["devnet"], "--rpc-port", $"{FreePorts(8)}", "--period", "500");
        string account = await devnet.LineAsync(line => AccountLine().IsMatch(line), TimeSpan.FromSeconds(60));
        string endpoint = await devnet.LineAsync(line => line.Contains("JSON-RPC: ", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        await devnet.LineAsync(line => line.StartsWith("running: block", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        (int code, string output) = await Npm.RunAsync(folder, TimeSpan.FromMinutes(3), ["test"], new()
        {
            ["CPCHAIN_RPC_URL"] = endpoint[(endpoint.IndexOf("http", StringComparison.Ordinal))..].Trim(),
            ["CPCHAIN_KEY"] = AccountLine().Match(account).Groups[1].Value,
        });
        Assert.True(code == 0, output);
        Assert.Equal(0, await devnet.InterruptAsync());
    }

    /// <summary>The first of so many ports in a row that are free now.</summary>
    private static int FreePorts(int count)
    {
        for (int tries = 0; tries < 100; tries++)
        {
            int first = Random.Shared.Next(20_000, 32_000 - count);
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }

        throw new InvalidOperationException("No free ports.");
    }

    private static bool IsFree(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\(\d\) +0x[0-9a-fA-F]{40} +(0x[0-9a-f]{64})")]
    private static partial Regex AccountLine();
}

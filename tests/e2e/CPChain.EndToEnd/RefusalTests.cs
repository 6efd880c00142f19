using System.Net;
using System.Net.Sockets;
using System.Text;
using CPChain.App;
using CPChain.App.Proposing;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Sdk;
using CPChain.Sdk.Contracts.Generated;
using CPChain.Types;
using Deployed = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.EndToEnd;

/// <summary>What somebody who joins and claims can do wrong, and the words that it is refused with.</summary>
public sealed class RefusalTests
{
    private const string ChainVariable = "CPCHAIN_RPC";

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Deposits_that_do_not_fit_and_wrong_phases_are_refused_in_words()
    {
        using TempFolder temp = new();
        int port = RunningDevnet.FreeRpcPorts();
        await using RunningDevnet devnet = await RunningDevnet.StartAsync(temp["devnet"], processes: false, port);
        await devnet.Process.LineAsync(line => line.StartsWith("running: block", StringComparison.Ordinal), Within);
        (string Words, string Command)[] cases =
        [
            ("possible now", "economy claim --devnet-account 2"),
            ("20 CPC at least", "rnode join --devnet-account 2 --deposit 19.999999999999999999"),
            ("no deposit in the RNode pool", "rnode quit --devnet-account 2"),
            ("owes the account nothing", "rnode withdraw --devnet-account 2"),
            ("no RNode", "campaign start --devnet-account 2"),
            ("--terms 4", "campaign start --devnet-account 2 --terms 4"),
            ("--deposit twenty", "rnode join --devnet-account 2 --deposit twenty"),
            ("--amount -1", "account send --devnet-account 2 --to-dir devnet/nodes/proposer-1 --amount -1"),
            ("--to nobody", "account send --devnet-account 2 --to nobody --amount 1"),
            ("too few coins", "account send --devnet-account 2 --to-dir devnet/nodes/proposer-1 --amount 99999999"),
            ("--devnet-account 10", "account send --devnet-account 10 --to-dir devnet/nodes/proposer-1 --amount 1"),
            ("is no network", "node init --network nowhere --dir mine"),
            ("no account is named", "rnode join"),
        ];
        foreach ((string words, string command) in cases) await AssertRefusedAsync(temp, port, words, command);
    }

    [Fact]
    public async Task A_devnet_account_is_refused_on_another_chain()
    {
        using TempFolder temp = new();
        using TcpListener mainNetwork = new(IPAddress.Loopback, 0);
        mainNetwork.Start();
        Task answering = AnswerChainIdOneAsync(mainNetwork);
        await AssertRefusedAsync(temp, ((IPEndPoint)mainNetwork.LocalEndpoint).Port, "is for local networks", "rnode join --devnet-account 1");
        mainNetwork.Stop();
        await answering;
    }

    [Fact]
    public async Task Proofs_that_are_old_foreign_replayed_or_malformed_are_refused_in_words()
    {
        using TempFolder temp = new();
        int port = RunningDevnet.FreeRpcPorts();
        await using RunningDevnet devnet = await RunningDevnet.StartAsync(temp["devnet"], processes: false, port);
        ChainClient client = devnet.Client(devnet.Names[0]);
        using PrivateKey key = DevnetAccounts.Key(3);
        using AccountSender sender = new(client, key);
        await new RNodePool(client, Deployed.RNodePool.Address).JoinAsync(sender, 1, Coins.ParseCpc("20")).AndWaitAsync();
        Claimant claimant = new(client, sender);
        const ulong oldEnough = 12;
        ulong head = await claimant.HeadAtLeastAsync(oldEnough + 2);

        ulong old = head - oldEnough;
        await claimant.AssertRefusedAsync($"too old: it is of block {old}", await claimant.ProofsAsync(old, key.Address));
        Proofs good = await claimant.ProofsAsync(await claimant.HeadAtLeastAsync(0) - 1, key.Address);
        await claimant.AssertRefusedAsync("not there yet", good with { Block = good.Block + 1_000 });
        await claimant.AssertRefusedAsync("processor proof is wrong", good with { Cpu = good.WrongCpu });
        good = await claimant.ProofsAsync(await claimant.HeadAtLeastAsync(0) - 1, key.Address);
        await claimant.AssertRefusedAsync("memory proof is wrong", good with { Memory = good.WrongMemory });
        Proofs foreign = await claimant.ProofsAsync(await claimant.HeadAtLeastAsync(0) - 1, DevnetAccounts.At(4), notOf: key.Address);
        await claimant.AssertRefusedAsync("proof is wrong: its nonce does not fit account", foreign);

        good = await claimant.ProofsAsync(await claimant.HeadAtLeastAsync(0) - 1, key.Address);
        ulong claimedIn = await claimant.ClaimAsync(good);
        await claimant.AssertRefusedAsync("stands on lists", good);
        await claimant.NextTermAsync(claimedIn);
        await claimant.AssertRefusedAsync($"claim in block {claimedIn}: none serves twice", good);
    }

    private static async Task AssertRefusedAsync(TempFolder temp, int port, string words, string command)
    {
        Dictionary<string, string> environment = new() { [ChainVariable] = $"http://127.0.0.1:{port}" };
        await using CpchainProcess process = CpchainProcess.StartIn(temp.Path, environment, command.Split(' '));
        int code = await process.ExitAsync(Within);
        string[] lines = process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length == 2 && code is 1 or 2, $"{command}: exit code {code}\n{process.Output}\n{process.Errors}");
        Assert.Contains(words, lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  Fix: ", lines[1], StringComparison.Ordinal);
    }

    private static async Task AnswerChainIdOneAsync(TcpListener listener)
    {
        const string body = """{"jsonrpc":"2.0","id":1,"result":"0x1"}""";
        using TcpClient asking = await listener.AcceptTcpClientAsync();
        await using NetworkStream stream = asking.GetStream();
        // The whole question ends with the brace that closes its JSON object.
        StringBuilder question = new();
        byte[] buffer = new byte[4096];
        while (!question.ToString().Contains("\"method\"", StringComparison.Ordinal) || question[^1] != '}')
            question.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
    }

    private sealed record Proofs(ulong Cpu, ulong Memory, ulong Block, ulong WrongCpu, ulong WrongMemory);

    /// <summary>Claims with what it is given, right or wrong, so that a block has the outcome.</summary>
    private sealed class Claimant(ChainClient client, AccountSender sender)
    {
        private const ulong Gas = 3_000_000;
        private const int CpuBits = 4, MemoryBits = 2;
        private const ulong TermBlocks = 8;
        private static readonly Hash256 s_commitment = Hash256.FromBytes(new UInt256(7).ToBigEndian());

        private readonly Campaign campaign = new(client, Deployed.Campaign.Address);

        public async Task<Proofs> ProofsAsync(ulong block, Address account, Address? notOf = null)
        {
            Hash256 hash = (await client.GetBlockAsync(block))!.Hash;
            return new Proofs(
                Find(AdmissionWork.Processor, hash, account, CpuBits, notOf), Find(AdmissionWork.Memory, hash, account, MemoryBits, notOf), block,
                FindWrong(AdmissionWork.Processor, hash, account, CpuBits), FindWrong(AdmissionWork.Memory, hash, account, MemoryBits));
        }

        public async Task<ulong> ClaimAsync(Proofs proofs) => (await SendAsync(proofs).AndWaitAsync()).BlockNumber;

        public async Task AssertRefusedAsync(string words, Proofs proofs)
        {
            TransactionFailedException failed = await Assert.ThrowsAsync<TransactionFailedException>(() => ClaimAsync(proofs));
            Assert.True(Refusals.TryExplain(failed, out CommandFault? fault));
            Assert.Contains(words, fault.Message, StringComparison.Ordinal);
            Assert.NotEmpty(fault.Fix);
        }

        public async Task<ulong> HeadAtLeastAsync(ulong number)
        {
            CancellationToken cancel = TestContext.Current.CancellationToken;
            await foreach (ulong head in new App.Devnet.HeadWatch(client, TimeSpan.FromMilliseconds(200)).NumbersAsync(cancel))
            {
                if (head >= number) return head;
            }

            throw new OperationCanceledException(cancel);
        }

        /// <summary>Until the head is well within the term after that of a block.</summary>
        public Task<ulong> NextTermAsync(ulong block) => HeadAtLeastAsync(((((block - 1) / TermBlocks) + 1) * TermBlocks) + 2);

        // With a gas limit of its own nothing is tried before, so that the refusal is in a block.
        private Task<PendingTransaction> SendAsync(Proofs proofs) => campaign.ClaimAsync(
            sender, 1, [s_commitment], proofs.Cpu, proofs.Block, proofs.Memory, proofs.Block, 1, new SendOptions { GasLimit = Gas });

        private static ulong Find(AdmissionWork work, Hash256 block, Address account, int bits, Address? notOf)
        {
            AdmissionSolver solver = new(work, account, block, bits);
            ulong nonce = solver.Find()!.Value;
            while (notOf is { } other && AdmissionProof.IsRight(work, other, block, nonce, bits)) nonce = solver.Find(nonce + 1)!.Value;
            return nonce;
        }

        private static ulong FindWrong(AdmissionWork work, Hash256 block, Address account, int bits)
        {
            ulong nonce = 0;
            while (AdmissionProof.IsRight(work, account, block, nonce, bits)) nonce++;
            return nonce;
        }
    }
}

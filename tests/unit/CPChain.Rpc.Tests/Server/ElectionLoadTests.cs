using CPChain.Dpor;
using CPChain.Rpc.Tests.Chain;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Server;

/// <summary>What nodes are asked changes nothing of what they elect (case X12 of the original's list).</summary>
public sealed class ElectionLoadTests
{
    [Fact]
    public async Task X12_questions_between_checkpoint_and_election_change_no_committee()
    {
        await using RpcFixture asked = await RpcFixture.StartAsync(ElectedChain.Create());
        InstantChain quiet = ElectedChain.Create();
        using CancellationTokenSource over = new();
        int answers = 0;
        Task[] load = [.. Enumerable.Range(0, 4).Select(async i =>
        {
            Random random = new(i);
            string account = $"\"{ElectedChain.RNodes[i].Address}\"";
            string call = $"{{\"from\":{account},\"to\":\"{SystemContracts.RNodePool}\",\"data\":\"0xfc6f7d2c\"}}";
            (string Method, string Parameters)[] questions =
            [
                ("dpor_getRpt", $"[{account}]"), ("dpor_getRoll", "[]"), ("dpor_getCommittee", "[]"), ("dpor_getRNodes", "[]"),
                ("dpor_getBlockGenerationInfo", "[]"), ("eth_call", $"[{call}, \"latest\"]"), ("eth_estimateGas", $"[{call}]"),
                ("eth_call", $"[{call}, \"latest\", {{\"{SystemContracts.Dpor}\":{{\"stateDiff\":{{\"0x{7:x64}\":\"0x{1:x64}\"}}}}}}]"),
                ("eth_simulateV1", $"[{{\"blockStateCalls\":[{{\"calls\":[{call}]}},{{}}]}}, \"latest\"]"), ("cpc_getEconomy", "[]"),
            ];
            while (!over.IsCancellationRequested)
            {
                (string method, string parameters) = questions[random.Next(questions.Length)];
                await asked.AskAsync(method, parameters);
                Interlocked.Increment(ref answers);
            }
        })];

        Terms terms = ElectedChain.Parameters.Terms;
        for (ulong number = 1; number <= terms.CheckpointOf(9); number++)
        {
            int before = Volatile.Read(ref answers);
            asked.Chain.SealTo(number, 5, 14, 24, 40);
            quiet.SealTo(number, 5, 14, 24, 40);
            Assert.Equal(quiet.Ledger.Head.Hash, asked.Chain.Ledger.Head.Hash);
            // Around the checkpoints the questions do get in.
            while (number % terms.Length < 2 && Volatile.Read(ref answers) < before + 8)
                await Task.WhenAny(Task.WhenAll(load), asked.AskAsync("dpor_getRoll"));
        }
        await over.CancelAsync();
        await Task.WhenAll(load);

        Assert.True(answers > 100, $"{answers} answers");
    }
}

using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Execution;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods.Elections;

/// <summary>admission_*: what who wants to be a candidate asks first (D12).</summary>
internal static class AdmissionMethods
{
    private const ulong CallGas = 200_000;

    private static readonly Address s_admission = Address.FromUInt256(0x0c0d07UL);
    private static readonly byte[] s_difficulties = [.. Keccak256.Hash("difficulties()"u8).ToArray().Take(4)];

    public static void Add(MethodTable table, RpcNode node, WorkTurns turns)
    {
        table.Add("admission_isRNode", a => IsRNode(a, node.Chain));
        table.AddAsync("admission_getDifficulty", a => DifficultyAsync(a, node.Chain, turns));
    }

    private static RpcAnswer IsRNode(RpcArguments a, ChainReader chain)
    {
        Address account = a.Address(0);
        BlockSelector block = a.Block(1);
        if (a.Fault is { } fault) return fault;
        return chain.Read(block, state => RpcAnswer.Flag(state.View.DepositOf(account) >= state.Parameters.RNodeDeposit));
    }

    private static async ValueTask<RpcAnswer> DifficultyAsync(RpcArguments a, ChainReader chain, WorkTurns turns)
    {
        BlockSelector block = a.Block(0);
        if (a.Fault is { } fault) return fault;
        if (chain.Rules.Elections is null) return RpcFault.NoElections;
        return await turns.RunAsync(
            () =>
            {
                using StateLease lease = chain.StateOf(block);
                return lease.Fault is { } missing ? missing : Difficulty(chain, lease);
            },
            a.Cancel).ConfigureAwait(false);
    }

    // The numbers are governance's and lie in a contract that elections do not read; it says them itself.
    private static RpcAnswer Difficulty(ChainReader chain, StateLease lease)
    {
        CallRequest request = new() { To = s_admission, Data = s_difficulties, GasLimit = CallGas };
        CallOutcome outcome = CallSimulator.Call(lease.State, lease.Header, request, chain.Source.RulesOf(lease.Header));
        if (!outcome.IsSuccess || outcome.Output.Length != 2 * UInt256.Length)
            return RpcFault.Server($"the contract at {s_admission} does not say its difficulties");
        ulong cpu = BinaryPrimitives.ReadUInt64BigEndian(outcome.Output.Span[24..]);
        ulong memory = BinaryPrimitives.ReadUInt64BigEndian(outcome.Output.Span[56..]);
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("block", lease.Header.Number);
            json.WriteNumber("cpu", cpu);
            json.WriteNumber("memory", memory);
            json.WriteEndObject();
        });
    }
}

using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>eth_call and eth_estimateGas: tried on a state, with a bound on gas, off the network's threads.</summary>
internal sealed class CallMethods(RpcNode node, RpcOptions options) : IDisposable
{
    /// <summary>Selector of <c>Error(string)</c>.</summary>
    private static readonly byte[] s_error = [0x08, 0xc3, 0x79, 0xa0];

    /// <summary>Calls that run at once: block execution must keep a share of the processors.</summary>
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount));

    public void Add(MethodTable table)
    {
        table.AddAsync("eth_call", a => OffThreadAsync(a, Call));
        table.AddAsync("eth_estimateGas", a => OffThreadAsync(a, Estimate));
        table.AddAsync("eth_createAccessList", a => OffThreadAsync(a, ProposeAccessList));
    }

    public void Dispose() => _turns.Dispose();

    private RpcAnswer Call(CallRequest request, IStateView state, BlockHeader header)
    {
        CallOutcome outcome = CallSimulator.Call(state, header, request, node.Chain.Source.RulesOf(header));
        return outcome.IsSuccess ? RpcAnswer.Bytes(outcome.Output.Span) : FaultOf(outcome);
    }

    private RpcAnswer Estimate(CallRequest request, IStateView state, BlockHeader header)
    {
        GasEstimate estimate = CallSimulator.EstimateGas(state, header, request, node.Chain.Source.RulesOf(header));
        if (estimate.Failure is not { } failure) return RpcAnswer.Quantity(estimate.Gas);
        return failure.Status == EvmStatus.OutOfGas && failure.Fault == ValidityFault.None
            ? RpcFault.Server($"gas required exceeds allowance ({estimate.GasMax})")
            : FaultOf(failure);
    }

    private RpcAnswer ProposeAccessList(CallRequest request, IStateView state, BlockHeader header)
    {
        AccessListProposal proposal = CallSimulator.ProposeAccessList(state, header, request, node.Chain.Source.RulesOf(header));
        if (proposal.Outcome.Fault != ValidityFault.None) return FaultOf(proposal.Outcome);
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            TransactionJson.WriteAccessList(json, proposal.AccessList);
            json.Quantity("gasUsed", proposal.Outcome.GasUsed);
            if (!proposal.Outcome.IsSuccess) json.WriteString("error", FaultOf(proposal.Outcome).Message);
            json.WriteEndObject();
        });
    }

    private async ValueTask<RpcAnswer> OffThreadAsync(
        RpcArguments a, Func<CallRequest, IStateView, BlockHeader, RpcAnswer> run)
    {
        CallRequest request = CallArguments.Read(a, 0, node.Chain.Rules, options.CallGasMax);
        BlockSelector selector = a.Block(1);
        ImmutableDictionary<Address, AccountOverride> overrides = OverrideArguments.Read(a, 2);
        if (a.Fault is { } fault) return fault;
        await _turns.WaitAsync(a.Cancel).ConfigureAwait(false);
        try
        {
            return await Task.Run(() =>
            {
                using StateLease lease = node.Chain.StateOf(selector);
                if (lease.Fault is { } missing) return missing;
                IStateView state = overrides.IsEmpty ? lease.State : new OverriddenState(lease.State, overrides);
                return run(request, state, lease.Header);
            }, a.Cancel).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    private static RpcFault FaultOf(CallOutcome outcome)
    {
        if (outcome.Fault != ValidityFault.None) return RpcFault.Server($"err: {outcome.Fault.Text()}");
        if (outcome.Status == EvmStatus.Revert)
        {
            string? reason = ReasonOf(outcome.Output.Span);
            return RpcFault.Reverted(
                reason is null ? "execution reverted" : $"execution reverted: {reason}", Hex.Encode(outcome.Output.Span));
        }
        return RpcFault.Server(outcome.Status switch
        {
            EvmStatus.OutOfGas => "out of gas",
            EvmStatus.InvalidOpcode => "invalid opcode",
            EvmStatus.StackUnderflow => "stack underflow",
            EvmStatus.StackOverflow => "stack limit reached 1024",
            EvmStatus.BadJump => "invalid jump destination",
            EvmStatus.StaticViolation => "write protection",
            EvmStatus.InsufficientBalance => "insufficient balance for transfer",
            EvmStatus.CreateCollision => "contract address collision",
            EvmStatus.CodeTooLong => "max code size exceeded",
            _ => $"execution failed: {outcome.Status}",
        });
    }

    /// <summary>The text of <c>Error(string)</c>, null when the data is something else.</summary>
    private static string? ReasonOf(ReadOnlySpan<byte> data)
    {
        if (data.Length < 68 || !data[..4].SequenceEqual(s_error)) return null;
        UInt256 length = UInt256.FromBigEndian(data.Slice(36, 32));
        return UInt256.FromBigEndian(data.Slice(4, 32)) == 32UL && length <= (ulong)(data.Length - 68)
            ? System.Text.Encoding.UTF8.GetString(data.Slice(68, (int)length))
            : null;
    }
}

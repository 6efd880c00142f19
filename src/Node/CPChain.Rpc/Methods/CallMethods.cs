using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>eth_call and eth_estimateGas: tried on a state, with a bound on gas, off the network's threads.</summary>
internal sealed class CallMethods(RpcNode node, RpcOptions options, WorkTurns turns)
{
    public void Add(MethodTable table)
    {
        table.AddAsync("eth_call", a => OffThreadAsync(a, Call));
        table.AddAsync("eth_estimateGas", a => OffThreadAsync(a, Estimate));
        table.AddAsync("eth_createAccessList", a => OffThreadAsync(a, ProposeAccessList));
    }

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
        return await turns.RunAsync(
            () =>
            {
                using StateLease lease = node.Chain.StateOf(selector);
                if (lease.Fault is { } missing) return missing;
                IStateView state = overrides.IsEmpty ? lease.State : new OverriddenState(lease.State, overrides);
                return run(request, state, lease.Header);
            },
            a.Cancel).ConfigureAwait(false);
    }

    private static RpcFault FaultOf(CallOutcome outcome)
    {
        if (outcome.Fault != ValidityFault.None) return RpcFault.Server($"err: {outcome.Fault.Text()}");
        return outcome.Status == EvmStatus.Revert
            ? RpcFault.Reverted(ExecutionErrors.RevertText(outcome.Output.Span), Hex.Encode(outcome.Output.Span))
            : RpcFault.Server(ExecutionErrors.Text(outcome.Status));
    }
}

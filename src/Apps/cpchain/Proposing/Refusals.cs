using System.Diagnostics.CodeAnalysis;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;

namespace CPChain.App.Proposing;

/// <summary>What a contract or a node refuses, as a sentence and what to do about it.</summary>
public static class Refusals
{
    /// <summary>Words for what keeps a command from its end; false for what only the node's log explains.</summary>
    public static bool TryExplain(ChainClientException failure, [NotNullWhen(true)] out CommandFault? fault)
    {
        fault = failure switch
        {
            ContractRefusalException refusal => Of(refusal.Error, "", refusal.Message),
            TransactionFailedException { Error: { } error } failed =>
                Of(error, $" The transaction {failed.TransactionHash} is in a block all the same; its fee is paid.", failed.Message),
            TransactionFailedException unclear => new CommandFault(
                unclear.Message, "what it depends on changed before its block came: do it again.", CommandFault.FailedExitCode),
            NodeUnreachableException away => new CommandFault(
                away.Message, "start a node ('cpchain devnet'), or name another with --rpc URL.", CommandFault.EnvironmentExitCode),
            BadAnswerException answer when answer.Message.Contains("there is no contract at", StringComparison.Ordinal) => new CommandFault(
                "this chain has no elections: its contracts are missing.", "name a node of a chain with DPoR with --rpc URL."),
            RpcException rpc when rpc.NodeMessage.Contains("insufficient funds", StringComparison.OrdinalIgnoreCase) => new CommandFault(
                "the account has too few coins for the amount and the fee.",
                "send it some: cpchain account send --to ADDRESS --amount CPC.", CommandFault.FailedExitCode),
            ReceiptTimeoutException late => new CommandFault(
                late.Message, "see with status whether it came; if not, do it again.", CommandFault.EnvironmentExitCode),
            _ => null,
        };
        return fault is not null;
    }

    private static CommandFault Of(ContractError error, string where, string otherwise)
    {
        (string what, string fix) = RNodeRefusals.Of(error) ?? CampaignRefusals.Of(error) ?? EconomyRefusals.Of(error)
            ?? (otherwise, "see 'status' of the same command, or the contract's source in contracts/src.");
        return new CommandFault(what + where, fix, CommandFault.FailedExitCode);
    }
}

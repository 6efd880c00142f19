using System.CommandLine;
using CPChain.App.Proposing;
using CPChain.Crypto;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Sdk.Contracts.Generated;
using CPChain.Types;

namespace CPChain.App.Commands;

/// <summary>`cpchain rnode`: the deposit that lets an account stand for election, and getting it back (D13).</summary>
internal static class RNodeCommand
{
    private const string AboutJoin = """
        Become an RNode, an account with a deposit.

        The deposit stays for a while, and through the last term that the account is elected for and one more: it answers for what the
        account does as a proposer. Then it comes back whole: quit makes it yours, withdraw pays it out.

        Examples:
          cpchain rnode join --dir my-node           with the least deposit
          cpchain rnode status --dir my-node         deposit, and when quitting is possible
          cpchain rnode quit --dir my-node --wait    as soon as it is possible
          cpchain rnode withdraw --dir my-node       pays the deposit back
        """;

    public static Command Create() => new("rnode", "The deposit that lets an account stand for election.")
    {
        Join(), Quit(), Status(), Withdraw(),
    };

    private static Command Join()
    {
        Option<string?> deposit = new("--deposit") { Description = "How many CPC; else the least deposit.", HelpName = "CPC" };
        return ChainOptions.Of(
            "join", AboutJoin, KeyUse.Signs, [deposit],
            async (parsed, chain, cancel) =>
            {
                ChainNumbers numbers = await chain.NumbersAsync(cancel);
                UInt256 coins = parsed.GetValue(deposit) is { } text ? ChainOptions.Amount("--deposit", text) : numbers.JoiningDeposit;
                chain.Answer.Fact(
                    "leastDeposit", "least deposit", Coins.Show(numbers.JoiningDeposit), Coins.Show(numbers.JoiningDeposit, Units.Decimals));
                PendingTransaction sent = await chain.RNodes.JoinAsync(chain.Sender, ChainNumbers.ProgramVersion, coins, cancel: cancel);
                await chain.DoneAsync(sent, cancel);
                chain.Answer.Fact("deposit", "deposit", Coins.Show(coins), Coins.Show(coins, Units.Decimals));
                chain.Answer.Next($"The account is an RNode, for {numbers.StaySeconds} s at least. Next: run its node "
                    + "(cpchain node init, cpchain node), then stand for election: cpchain campaign start.");
            });
    }

    private static Command Quit()
    {
        Option<bool> wait = new("--wait") { Description = "Wait until it is possible, then quit. Ctrl-C ends the waiting." };
        return ChainOptions.Of(
            "quit", "Stop being an RNode; says when that becomes possible. Example: cpchain rnode quit --dir my-node --wait",
            KeyUse.Signs, [wait], async (parsed, chain, cancel) =>
            {
                if (parsed.GetValue(wait)) await WaitAsync(chain, cancel);
                PendingTransaction sent = await chain.RNodes.QuitAsync(chain.Sender, cancel: cancel);
                ReceiptInfo receipt = await chain.DoneAsync(sent, cancel);
                UInt256 deposit = chain.RNodes.QuitEvents.In(receipt)[0].Event.Deposit;
                chain.Answer.Fact("owed", "owed to you", Coins.Show(deposit), Coins.Show(deposit, Units.Decimals));
                chain.Answer.Next("The account is no RNode any more. Next: cpchain rnode withdraw pays the deposit.");
            });
    }

    private static Command Status() => ChainOptions.Of(
        "status", "Deposit, since when, what the pool owes, and when quitting is possible. Example: cpchain rnode status --address 0x...",
        KeyUse.Address, [], async (_, chain, cancel) =>
        {
            ChainNumbers numbers = await chain.NumbersAsync(cancel);
            RNodePool.Member member = await chain.RNodes.MemberOfAsync(chain.Address, cancel: cancel);
            UInt256 owed = await chain.RNodes.OwedAsync(chain.Address, cancel: cancel);
            bool isRNode = member.Index != 0;
            chain.Answer.Fact("address", "address", AddressChecksum.Format(chain.Address));
            chain.Answer.Fact("isRNode", "RNode", isRNode ? "yes" : "no", isRNode);
            chain.Answer.Fact("deposit", "deposit", Coins.Show(member.Deposit), Coins.Show(member.Deposit, Units.Decimals));
            chain.Answer.Fact("owed", "owed to you", Coins.Show(owed), Coins.Show(owed, Units.Decimals));
            chain.Answer.Fact(
                "leastDeposit", "least deposit", Coins.Show(numbers.JoiningDeposit), Coins.Show(numbers.JoiningDeposit, Units.Decimals));
            if (member.Deposit.IsZero)
            {
                chain.Answer.Next(owed.IsZero ? "Next: cpchain rnode join." : "Next: cpchain rnode withdraw pays what is owed.");
                return;
            }

            chain.Answer.Fact("joinedAt", "joined", ChainTime.Show(member.JoinedAt), member.JoinedAt);
            ContractError? obstacle = await ObstacleAsync(chain, cancel);
            chain.Answer.Fact("mayQuit", "may quit now", obstacle is null ? "yes" : "no", obstacle is null);
            if (obstacle is not null && RNodeRefusals.Of(obstacle) is var (what, fix)) chain.Answer.Next($"Not yet: {what} So {fix}");
        });

    private static Command Withdraw() => ChainOptions.Of(
        "withdraw", "Take what the pool owes the account. Example: cpchain rnode withdraw --dir my-node", KeyUse.Signs, [],
        async (_, chain, cancel) =>
        {
            ReceiptInfo receipt = await chain.DoneAsync(await chain.RNodes.WithdrawAsync(chain.Sender, cancel: cancel), cancel);
            UInt256 amount = chain.RNodes.WithdrawnEvents.In(receipt)[0].Event.Amount;
            chain.Answer.Fact("paid", "paid to you", Coins.Show(amount), Coins.Show(amount, Units.Decimals));
        });

    // Until time does not stand in the way any more; what else does is refused by the transaction itself.
    private static async Task WaitAsync(ChainSession chain, CancellationToken cancel)
    {
        ContractError? told = null;
        await foreach (ulong _ in chain.HeadsAsync(cancel))
        {
            ContractError? obstacle = await ObstacleAsync(chain, cancel);
            if (obstacle is null || !RNodeRefusals.IsTooEarly(obstacle)) return;
            if (obstacle != told && RNodeRefusals.Of(obstacle) is var (what, _)) chain.Answer.Say($"waiting: {what}");
            told = obstacle;
        }

        cancel.ThrowIfCancellationRequested();
    }

    private static async Task<ContractError?> ObstacleAsync(ChainSession chain, CancellationToken cancel)
    {
        try
        {
            await chain.RNodes.Contract.CallAsync(RNodePool.Abi.Function("quit"), [], BlockTag.Latest, chain.Address, cancel: cancel);
            return null;
        }
        catch (ContractRefusalException refusal)
        {
            return refusal.Error;
        }
    }
}

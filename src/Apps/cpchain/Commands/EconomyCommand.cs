using System.CommandLine;
using CPChain.App.Proposing;
using CPChain.Crypto;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.App.Commands;

/// <summary>`cpchain economy`: deposits that earn interest by seasons (D14).</summary>
internal static class EconomyCommand
{
    private const string AboutDeposit = """
        Add to the account's deposit; in a raising phase.

        A season has three phases: raising (deposit, withdraw), locked (nothing), settling (claim the interest). A deposit stays and earns in every
        season that it stands in whole, until it is withdrawn.

        Examples:
          cpchain economy status --dir my-node                    season, phase, what can be done now
          cpchain economy deposit --dir my-node --amount 20000
          cpchain economy claim --dir my-node                     interest, when a season settles
          cpchain economy withdraw --dir my-node                  all of it
        """;

    public static Command Create() => new("economy", "Deposits that earn interest, season by season.")
    {
        Deposit(), Withdraw(), Claim(), Status(),
    };

    private static Command Deposit()
    {
        Option<string> amount = new("--amount") { Description = "How many CPC, such as 20000.", HelpName = "CPC", Required = true };
        return ChainOptions.Of(
            "deposit", AboutDeposit,
            KeyUse.Signs, [amount], async (parsed, chain, cancel) =>
            {
                UInt256 coins = ChainOptions.Amount("--amount", parsed.GetRequiredValue(amount));
                ReceiptInfo receipt = await chain.DoneAsync(await chain.Economy.DepositAsync(chain.Sender, coins, cancel: cancel), cancel);
                UInt256 deposit = chain.Economy.DepositedEvents.In(receipt)[0].Event.Deposit;
                chain.Answer.Fact("deposit", "deposit now", Coins.Show(deposit), Coins.Show(deposit, Units.Decimals));
                chain.Answer.Next("It earns from the first season that it stands in whole. Next: cpchain economy claim, when that season settles.");
            });
    }

    private static Command Withdraw()
    {
        Option<string?> amount = new("--amount") { Description = "How many CPC; else all.", HelpName = "CPC" };
        return ChainOptions.Of(
            "withdraw", "Take from the account's deposit; in a raising phase. Example: cpchain economy withdraw --dir my-node",
            KeyUse.Signs, [amount], async (parsed, chain, cancel) =>
            {
                UInt256 coins = parsed.GetValue(amount) is { } text
                    ? ChainOptions.Amount("--amount", text)
                    : (await chain.Economy.NodeOfAsync(chain.Address, cancel: cancel)).Value1;
                ReceiptInfo receipt = await chain.DoneAsync(
                    await chain.Economy.WithdrawAsync(chain.Sender, coins, chain.Address, cancel: cancel), cancel);
                UInt256 left = chain.Economy.WithdrawnEvents.In(receipt)[0].Event.Deposit;
                chain.Answer.Fact("paid", "paid to you", Coins.Show(coins), Coins.Show(coins, Units.Decimals));
                chain.Answer.Fact("deposit", "deposit now", Coins.Show(left), Coins.Show(left, Units.Decimals));
            });
    }

    private static Command Claim() => ChainOptions.Of(
        "claim", "Take the interest; in a settling phase. Example: cpchain economy claim --dir my-node", KeyUse.Signs, [],
        async (_, chain, cancel) =>
        {
            ReceiptInfo receipt = await chain.DoneAsync(await chain.Economy.ClaimAsync(chain.Sender, chain.Address, cancel: cancel), cancel);
            UInt256 paid = chain.Economy.InterestPaidEvents.In(receipt)[0].Event.Amount;
            chain.Answer.Fact("paid", "interest paid", Coins.Show(paid), Coins.Show(paid, Units.Decimals));
        });

    private static Command Status() => ChainOptions.Of(
        "status", "Season, phase, deposit, interest, and what can be done now. Example: cpchain economy status --dir my-node",
        KeyUse.Address, [], async (_, chain, cancel) =>
        {
            (ulong season, byte phase, UInt256 until) = await chain.Economy.PhaseNowAsync(cancel: cancel);
            UInt256 deposit = (await chain.Economy.NodeOfAsync(chain.Address, cancel: cancel)).Value1;
            UInt256 interest = await chain.Economy.InterestOfAsync(chain.Address, cancel: cancel);
            UInt256 least = (await chain.Economy.PlanAsync(cancel: cancel)).MinDeposit;
            (string name, string now) = EconomyRefusals.PhaseOf(phase);
            chain.Answer.Fact("address", "address", AddressChecksum.Format(chain.Address));
            chain.Answer.Fact("season", "season", $"{season}", season);
            chain.Answer.Fact("phase", "phase", name);
            chain.Answer.Fact("until", "until", ChainTime.Show(until), until.ToUlongSaturating());
            chain.Answer.Fact("deposit", "deposit", Coins.Show(deposit), Coins.Show(deposit, Units.Decimals));
            chain.Answer.Fact("leastDeposit", "least deposit", Coins.Show(least), Coins.Show(least, Units.Decimals));
            chain.Answer.Fact("interest", "interest booked", Coins.Show(interest), Coins.Show(interest, Units.Decimals));
            chain.Answer.Fact("possible", "possible now", now);
        });
}

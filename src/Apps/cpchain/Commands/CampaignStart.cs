using System.CommandLine;
using CPChain.App.Proposing;
using CPChain.Sdk;

namespace CPChain.App.Commands;

/// <summary>`cpchain campaign start`: one claim, or one after the other.</summary>
internal static class CampaignStart
{
    private const string About = """
        Search proofs and claim.

        A claim in term T puts an RNode on the lists of terms T+1 to T+3 at most. Each list is drawn from for the term three later, so a claim is
        for serving terms T+4 to T+6. It needs two proofs, of a processor and of memory, which 'start' searches, and a commitment for each
        term served, which 'start' makes from the key: so the node that serves must run with the same key.

        Examples:
          cpchain campaign start --dir my-node                   one claim, for as many terms as it may
          cpchain campaign start --dir my-node --keep            renews it each time, until Ctrl-C or 'campaign stop'
          cpchain campaign status --dir my-node                  lists, elected terms, who proposes now
          cpchain campaign watch --dir my-node --until proposed  waits for the account's first block
        """;

    public static Command Create()
    {
        Option<int?> terms = new("--terms") { Description = "Lists to enter, 1 to 3; else as many as one claim may.", HelpName = "N" };
        Option<bool> keep = new("--keep") { Description = "Renew the claim whenever it is about to end, until Ctrl-C or 'campaign stop'." };
        return ChainOptions.Of(
            "start", About, KeyUse.Signs, [terms, keep],
            async (parsed, chain, cancel) =>
            {
                ChainNumbers numbers = await chain.NumbersAsync(cancel);
                int count = parsed.GetValue(terms) ?? numbers.TermsPerClaim;
                if (count < 1 || count > numbers.TermsPerClaim)
                    throw new CommandFault($"--terms {count} is out of range.", $"take 1 to {numbers.TermsPerClaim}.");
                CampaignClaim claim = new(chain, numbers, count);
                if (!parsed.GetValue(keep))
                {
                    if (Tell(chain, await claim.MakeAsync(cancel)) is { } misfit) throw misfit;
                    return;
                }

                DirectoryInfo? folder = parsed.GetValue<DirectoryInfo?>("--dir");
                await KeepAsync(chain, numbers, claim, folder is null ? null : new KeepFile(folder.FullName), cancel);
            });
    }

    private static async Task KeepAsync(
        ChainSession chain, ChainNumbers numbers, CampaignClaim claim, KeepFile? file, CancellationToken cancel)
    {
        file?.Make();
        try
        {
            await foreach (ulong head in chain.HeadsAsync(cancel))
            {
                if (file is { IsThere: false }) break;
                // In the term of its last list an account may claim again, so that no list is missed.
                ulong lastList = (await chain.Campaign.ClaimOfAsync(chain.Address, cancel: cancel)).LastList;
                if (lastList > numbers.Terms.TermOf(head)) continue;
                try
                {
                    if (Tell(chain, await claim.MakeAsync(cancel)) is { } misfit) chain.Answer.Say(misfit.Message);
                }
                catch (Exception passing) when (passing is NodeUnreachableException or ReceiptTimeoutException or TransactionFailedException)
                {
                    // What is wrong for good is refused before anything is sent, and ends this.
                    chain.Answer.Say($"{passing.Message} It is tried again with the next block.");
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C is how this ends.
        }
        finally
        {
            file?.Remove();
        }

        chain.Answer.Say("The claim is not renewed any more. Lists entered stay entered; keep the node running through the terms that they serve.");
    }

    // Null when all is well; otherwise what the account is in for.
    private static CommandFault? Tell(ChainSession chain, ClaimOutcome outcome)
    {
        ulong first = outcome.FirstList + ClaimWindow.Lead, last = outcome.LastList + ClaimWindow.Lead;
        chain.Answer.Fact("firstList", "first list", $"{outcome.FirstList}", outcome.FirstList);
        chain.Answer.Fact("lastList", "last list", $"{outcome.LastList}", outcome.LastList);
        chain.Answer.Fact("firstServed", "may serve from", $"term {first}", first);
        chain.Answer.Fact("lastServed", "to", $"term {last}", last);
        chain.Answer.Member("commitmentsFit", outcome.IsAsAssumed);
        if (!outcome.IsAsAssumed)
        {
            return new CommandFault(
                $"block {outcome.Block} took the claim into the lists of terms {outcome.FirstList} to {outcome.LastList}, but its commitments are for "
                + $"those from {outcome.AssumedTerm + 1} on: elected for terms {first} to {last}, the node cannot reveal and its numbers are impeached.",
                "to stand in none of them, leave: cpchain rnode quit --wait. Otherwise claim again when these lists are over.",
                CommandFault.FailedExitCode);
        }

        chain.Answer.Next($"On the lists. Each is drawn two terms before it serves: 'cpchain campaign watch' shows it. Run the node with this key through term {last}.");
        return null;
    }
}

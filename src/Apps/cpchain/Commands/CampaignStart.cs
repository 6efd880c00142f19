using System.CommandLine;
using CPChain.App.Proposing;

namespace CPChain.App.Commands;

/// <summary>`cpchain campaign start`: one claim, or one after the other.</summary>
internal static class CampaignStart
{
    public static Command Create()
    {
        Option<int?> terms = new("--terms") { Description = "Lists to enter, 1 to 3; else as many as one claim may.", HelpName = "N" };
        Option<bool> keep = new("--keep") { Description = "Renew the claim whenever it is about to end, until Ctrl-C or 'campaign stop'." };
        return ChainOptions.Of(
            "start", "Search proofs and claim. Example: cpchain campaign start --dir my-node --keep", KeyUse.Signs, [terms, keep],
            async (parsed, chain, cancel) =>
            {
                ChainNumbers numbers = await chain.NumbersAsync(cancel);
                int count = parsed.GetValue(terms) ?? numbers.TermsPerClaim;
                if (count < 1 || count > numbers.TermsPerClaim)
                    throw new CommandFault($"--terms {count} is out of range.", $"take 1 to {numbers.TermsPerClaim}.");
                CampaignClaim claim = new(chain, numbers, count);
                if (!parsed.GetValue(keep))
                {
                    Tell(chain, await claim.MakeAsync(cancel));
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
                if (lastList <= numbers.Terms.TermOf(head)) Tell(chain, await claim.MakeAsync(cancel));
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

    private static void Tell(ChainSession chain, ClaimOutcome outcome)
    {
        ulong first = outcome.FirstList + ClaimWindow.Lead, last = outcome.LastList + ClaimWindow.Lead;
        chain.Answer.Fact("firstList", "first list", $"{outcome.FirstList}", outcome.FirstList);
        chain.Answer.Fact("lastList", "last list", $"{outcome.LastList}", outcome.LastList);
        chain.Answer.Fact("firstServed", "may serve from", $"term {first}", first);
        chain.Answer.Fact("lastServed", "to", $"term {last}", last);
        chain.Answer.Member("commitmentsFit", outcome.IsAsAssumed);
        if (!outcome.IsAsAssumed)
        {
            throw new CommandFault(
                $"block {outcome.Block} took the claim into the lists of terms {outcome.FirstList} to {outcome.LastList}, a term later than its "
                + $"commitments are for: elected for terms {first} to {last}, the node cannot reveal and its numbers there are impeached.",
                "to stand in none of them, leave: cpchain rnode quit --wait. Otherwise claim again when these lists are over.",
                CommandFault.FailedExitCode);
        }

        chain.Answer.Next($"On the lists. Each is drawn two terms before it serves: 'cpchain campaign watch' shows it. Run the node with this key through term {last}.");
    }
}

using System.CommandLine;
using CPChain.App.Proposing;
using CPChain.Dpor;
using CPChain.Sdk.Contracts.Generated;

namespace CPChain.App.Commands;

/// <summary>`cpchain campaign stop`: no renewal. What was claimed stays claimed.</summary>
internal static class CampaignStop
{
    public static Command Create() => ChainOptions.Of(
        "stop", "End the renewing of 'start --keep' in the same folder; lists entered stay. Example: cpchain campaign stop --dir my-node",
        KeyUse.Address, [], async (parsed, chain, cancel) =>
        {
            DirectoryInfo? folder = parsed.GetValue<DirectoryInfo?>("--dir");
            bool wasKept = folder is not null && new KeepFile(folder.FullName).Remove();
            chain.Answer.Fact("wasRenewing", "was renewing", wasKept ? "yes; it ends with the next block" : "no", wasKept);
            Terms terms = (await chain.NumbersAsync(cancel)).Terms;
            ulong term = terms.TermOf(await chain.Client.GetBlockNumberAsync(cancel));
            Campaign.Claim claim = await chain.Campaign.ClaimOfAsync(chain.Address, cancel: cancel);
            ulong served = claim.LastList + ClaimWindow.Lead;
            bool isBound = claim.Count != 0 && served >= term;
            chain.Answer.Member("term", term);
            if (claim.Count != 0) chain.Answer.Fact("lastServed", "may serve to", $"term {served}", served);
            chain.Answer.Next(isBound
                ? $"A claim cannot be taken back: keep the node running through term {served} (now {term}), or its numbers are impeached. "
                    + "Who leaves with 'cpchain rnode quit' before a draw is not drawn."
                : "The account stands for no term from now on.");
        });
}

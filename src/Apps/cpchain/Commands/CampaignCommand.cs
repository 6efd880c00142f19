using System.CommandLine;
using CPChain.App.Proposing;

namespace CPChain.App.Commands;

/// <summary>`cpchain campaign`: standing for election and seeing what comes of it (D7, D8, D12).</summary>
internal static class CampaignCommand
{
    public static Command Create() => new("campaign", """
        Standing for election as a proposer.

        A claim in term T puts an RNode on the lists of terms T+1 to T+3 at most. Each list is drawn from for the term three later, so a claim is
        for serving terms T+4 to T+6. It needs two proofs, of a processor and of memory, which 'start' searches, and a commitment for each
        term served, which 'start' makes from the key: so the node that serves must run with the same key.

        Examples:
          cpchain campaign start --dir my-node                   one claim, for as many terms as it may
          cpchain campaign start --dir my-node --keep            renews it each time, until Ctrl-C or 'campaign stop'
          cpchain campaign status --dir my-node                  lists, elected terms, who proposes now
          cpchain campaign watch --dir my-node --until proposed  waits for the account's first block
        """)
    {
        CampaignStart.Create(), CampaignStop.Create(), CampaignStatus.Create(), CampaignWatch.Create(),
    };
}

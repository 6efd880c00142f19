using System.CommandLine;

namespace CPChain.App.Commands;

/// <summary>`cpchain campaign`: standing for election and seeing what comes of it (D7, D8, D12).</summary>
internal static class CampaignCommand
{
    public static Command Create() => new("campaign", "Standing for election as a proposer.")
    {
        CampaignStart.Create(), CampaignStop.Create(), CampaignStatus.Create(), CampaignWatch.Create(),
    };
}

using System.CommandLine;

namespace CPChain.App.Commands;

/// <summary>`cpchain sim`: consensus under faults and attack, in virtual time; every run is reproducible.</summary>
internal static class SimCommand
{
    public static Command Create()
    {
        Command sim = new("sim", "Attack the consensus in virtual time. Equal seeds give equal runs.")
        {
            TwinsCommand.Create(),
            RulesCommand.Create(),
            CrashPointsCommand.Create(),
        };
        NodesCommand.AddTo(sim);
        return sim;
    }
}

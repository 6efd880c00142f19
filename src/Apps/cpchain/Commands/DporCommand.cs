using System.CommandLine;

namespace CPChain.App.Commands;

/// <summary>`cpchain dpor`: reputation, elections and schedule of proposers.</summary>
internal static class DporCommand
{
    public static Command Create() => new("dpor", "Reputation, elections and committees (specs/dpor).")
    {
        DporTermCommand.Create(),
        DporCommitteeCommand.Create(),
        DporRptCommand.Create(),
        DporVerifyTermCommand.Create(),
        DporSimulateCommand.Create(),
    };
}

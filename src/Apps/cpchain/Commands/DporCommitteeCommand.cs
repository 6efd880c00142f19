using System.CommandLine;
using CPChain.App.Terminal;
using CPChain.Dpor;
using CPChain.Sdk;
using CPChain.Sdk.Elections;

namespace CPChain.App.Commands;

/// <summary>`cpchain dpor committee`: who holds the seats of a term.</summary>
internal static class DporCommitteeCommand
{
    private const string About = """
        Show who proposes in a term, seat by seat.

        The committee of a term is drawn two terms before it begins, from a roll that was made three terms before. Elected seats have a
        commitment to secrets that make the seed; a default proposer may have none. The terms 0 to 2 have default proposers alone.
        What is shown is what the node says; 'cpchain dpor verify-term' checks it.

        Examples:
          cpchain dpor committee               the term under way
          cpchain dpor committee --term 12     another; a state tells of 16 terms
          cpchain dpor committee --json        for a machine
        """;

    public static Command Create()
    {
        Option<ulong?> term = new("--term") { Description = "The term; by default the one under way.", HelpName = "T" };
        Option<ulong?> block = DporQuery.Block();
        Option<string> rpc = DporQuery.Rpc();
        Option<bool> json = DporQuery.Json();
        Command command = new("committee", About) { term, block, rpc, json };
        command.SetAction((parsed, cancel) => DporQuery.AskAsync(
            parsed.GetValue(rpc)!, client => RunAsync(client, parsed.GetValue(term), parsed.GetValue(block), parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(ChainClient client, ulong? term, ulong? block, bool json, CancellationToken cancel)
    {
        BlockTag tag = DporQuery.TagOf(block);
        if (json)
        {
            DporQuery.PrintJson(await client.AskAsync("dpor_getCommittee", [DporQuery.QuantityOf(term), tag.ToString()], cancel));
            return 0;
        }
        CommitteeInfo committee = await client.GetCommitteeAsync(term, tag, cancel);
        Output output = Output.ForCommand(json: false);
        output.Line($"term {committee.Term}, numbers {committee.FirstNumber} to {committee.LastNumber}");
        for (int seat = 0; seat < committee.Seats.Count; seat++)
        {
            CommitteeSeat held = committee.Seats[seat];
            output.Line($"{seat,4}  {held.Account}  {(held.Elected ? "elected" : "default")}  {CommitmentOf(held)}");
        }
        return 0;
    }

    private static string CommitmentOf(CommitteeSeat seat) => seat.Commitment.IsZero ? "no commitment" : seat.Commitment.ToString();
}

using System.CommandLine;
using CPChain.App.Terminal;
using CPChain.Sdk;
using CPChain.Sdk.Elections;
using CPChain.Types;

namespace CPChain.App.Commands;

/// <summary>`cpchain dpor rpt`: reputation of an account.</summary>
internal static class DporRptCommand
{
    private const string About = """
        Show the reputation of an account and what it is made of, as it would count if the term ended now.

          rpt        50 x balance + 15 x transactions + 10 x proxy + 15 x data + 10 x maintenance on the main network, 0 to 10,000
          points     0 to 100 each; balance and maintenance by rank among those who stand, the others by deeds (specs/dpor, D6)
          standing   base after penalties; below the bound an account does not stand

        Of an account that does not stand, the numbers are those it would have if it alone stood beside the others.

        Examples:
          cpchain dpor rpt 0x52908400098527886e0f7030069857d2e4169ee7
          cpchain dpor rpt 0x52908400098527886e0f7030069857d2e4169ee7 --json    with the counters of each term
        """;

    private static readonly string[] s_dimensions = ["balance", "transactions", "proxy", "data", "maintenance"];

    public static Command Create()
    {
        Argument<string> account = new("ADDRESS") { Description = "The account." };
        Option<ulong?> block = DporQuery.Block();
        Option<string> rpc = DporQuery.Rpc();
        Option<bool> json = DporQuery.Json();
        Command command = new("rpt", About) { account, block, rpc, json };
        command.SetAction((parsed, cancel) => DporQuery.AskAsync(
            parsed.GetValue(rpc)!,
            client => RunAsync(client, AddressOf(parsed.GetValue(account)!), parsed.GetValue(block), parsed.GetValue(json), cancel)));
        return command;
    }

    private static Address AddressOf(string text) => Address.TryParse(text, out Address account)
        ? account : throw new CommandFault($"ADDRESS {text} is no account.", "write 0x and 40 hexadecimal digits.");

    private static async Task<int> RunAsync(ChainClient client, Address account, ulong? block, bool json, CancellationToken cancel)
    {
        BlockTag tag = DporQuery.TagOf(block);
        if (json)
        {
            DporQuery.PrintJson(await client.AskAsync("dpor_getRpt", [account.ToString(), tag.ToString()], cancel));
            return 0;
        }
        ReputationInfo info = await client.GetReputationAsync(account, tag, cancel);
        Output output = Output.ForCommand(json: false);
        output.Line($"{info.Account}: rpt {info.Rpt} over the terms {info.FirstTerm} to {info.Term}");
        for (int i = 0; i < s_dimensions.Length; i++) output.Line($"  {s_dimensions[i],-12}  {info.Points[i],3} points");
        output.Line($"  standing {info.Standing}{(info.IsRemoved ? ", below the bound: it does not stand" : "")}; impeached {info.Impeached} of {info.ImpeachedMax} times in the window");
        output.Line($"  {(info.IsRNode ? "an RNode" : "no RNode")}, {(info.Stands ? "on the list of this term" : "not standing in this term")}");
        return 0;
    }
}

using System.CommandLine;
using CPChain.App.Terminal;
using CPChain.Sdk;
using CPChain.Sdk.Elections;

namespace CPChain.App.Commands;

/// <summary>`cpchain dpor term`: where a number is in its term, and whose the next one is.</summary>
internal static class DporTermCommand
{
    private const string About = """
        Say in which term, view and seat a block number is, and whose the number after the newest block is.

        A term has seats x views numbers. Each seat comes up once in a view. A number behind an impeach block belongs to a default
        proposer, and so does the rest of a view in which too many elected slots in a row were impeached (specs/dpor, D2 and D10).

        Examples:
          cpchain dpor term                   the number to come
          cpchain dpor term --number 1000     any number, also ahead
          cpchain dpor term --json            for a machine
        """;

    public static Command Create()
    {
        Option<ulong?> number = new("--number") { Description = "The number; by default the one to come.", HelpName = "N" };
        Option<ulong?> block = DporQuery.Block();
        Option<string> rpc = DporQuery.Rpc();
        Option<bool> json = DporQuery.Json();
        Command command = new("term", About) { number, block, rpc, json };
        command.SetAction((parsed, cancel) => DporQuery.AskAsync(
            parsed.GetValue(rpc)!, client => RunAsync(client, parsed.GetValue(number), parsed.GetValue(block), parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(ChainClient client, ulong? number, ulong? block, bool json, CancellationToken cancel)
    {
        BlockTag tag = DporQuery.TagOf(block);
        if (json)
        {
            DporQuery.PrintJson(await client.AskAsync("dpor_getTerm", [DporQuery.QuantityOf(number), tag.ToString()], cancel));
            return 0;
        }
        TermInfo info = await client.GetTermAsync(number, tag, cancel);
        Output output = Output.ForCommand(json: false);
        output.Line($"number {info.Asked.Number}: term {info.Asked.Term}{PlaceOf(info.Asked)}");
        output.Line($"term {info.Asked.Term}: numbers {info.FirstNumber} to {info.Checkpoint}, the checkpoint");
        output.Line($"next: number {info.Next.Number} (term {info.Next.Term}{PlaceOf(info.Next)}) is {info.Proposer}'s, {HowOf(info)}");
        return 0;
    }

    private static string PlaceOf(TermPlace place) => place.View is { } view && place.Seat is { } seat ? $", view {view}, seat {seat}" : "";

    private static string HowOf(TermInfo info)
    {
        if (info.Elected) return "by an elected seat";
        if (info.Schedule.Fell) return "a default proposer: the number before was impeached";
        return info.Schedule.Over
            ? $"a default proposer: {info.Schedule.Run} elected slots in a row were impeached in this view" : "a default proposer in its seat";
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Sdk;
using CPChain.Sdk.Elections;
using CPChain.Sdk.Proofs;

namespace CPChain.App.Commands;

/// <summary>`cpchain dpor verify-term`: a committee recomputed from headers and proofs.</summary>
internal static class DporVerifyTermCommand
{
    private const string About = """
        Recompute the committee of a term and compare it with what a node says, without running the chain and without trusting the node.

        Trusted are the genesis file and, through it, the first validators. Headers are believed by their certificates, changes of the
        validator set by the headers before. Who stood, with which counters, balances and deposits, is read with proofs under the state
        root of the checkpoint three terms before; who was struck, two terms before; the seed is made from the reveals in the headers
        between (specs/dpor, D18). Then roll and draw run here.

        Exit code 0: rules, state and node agree. 1: they differ, or the node did not prove what it says.
        States of the last 256 blocks are on every node, older ones on nodes that run with --archive.

        Examples:
          cpchain dpor verify-term 5 --genesis cpchain-devnet/genesis.json
          cpchain dpor verify-term 5 --genesis genesis.json --rpc http://10.0.0.7:8545 --json
        """;

    public static Command Create()
    {
        Argument<ulong> term = new("TERM") { Description = "The term, 3 or more." };
        Option<FileInfo> genesis = new("--genesis")
        {
            Description = "The genesis file of the chain, from who runs it and not from the node that is asked.",
            HelpName = "FILE",
            Required = true,
        };
        Option<string> rpc = DporQuery.Rpc();
        Option<bool> json = new("--json") { Description = "Print one JSON object: term, agrees, seed, rollBlock, drawBlock, impeached, seats, differences." };
        Command command = new("verify-term", About) { term, genesis, rpc, json };
        command.SetAction((parsed, cancel) => DporQuery.AskAsync(
            parsed.GetValue(rpc)!,
            client => RunAsync(client, parsed.GetValue(term), parsed.GetRequiredValue(genesis).FullName, parsed.GetValue(json), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(ChainClient client, ulong term, string genesisFile, bool json, CancellationToken cancel)
    {
        if (term is < Terms.RollLead or > Terms.Last)
        {
            throw new CommandFault(
                $"TERM {term} is out of range.",
                $"name a term from {Terms.RollLead} to {Terms.Last}; the terms before {Terms.RollLead} have default proposers in every seat, by rule.");
        }
        Genesis genesis = await ReadAsync(genesisFile, cancel);
        ElectionRules rules = ElectionRules.Of(genesis) ?? throw new CommandFault(
            $"--genesis {genesisFile} is of a chain without elections.", "name the genesis file of a chain with elections.");
        ChainTrust trust = ChainTrust.Of(genesis, GenesisState.Create(genesis).Block.Hash);
        Output output = Output.ForCommand(json);
        try
        {
            TermVerdict verdict = await new TermVerifier(client, trust, rules).VerifyAsync(term, cancel);
            Show(verdict, output);
            if (json) Console.WriteLine(JsonSerializer.Serialize(TermReport.Of(verdict), TermReportJson.Default.TermReport));
            return verdict.Agrees ? 0 : CommandFault.FailedExitCode;
        }
        catch (ProofException refusal)
        {
            throw new CommandFault(
                refusal.Message, "ask another node with --rpc URL; if all say the same, see that --genesis is the file of their chain.",
                CommandFault.FailedExitCode);
        }
        catch (TermNotDrawnException early)
        {
            throw new CommandFault(early.Message, $"name an earlier TERM, or wait for block {early.Checkpoint}.");
        }
        catch (StateNotKeptException old)
        {
            throw new CommandFault(old.Message, "name with --rpc URL a node that runs with --archive, or a later TERM.", CommandFault.EnvironmentExitCode);
        }
    }

    private static async Task<Genesis> ReadAsync(string file, CancellationToken cancel)
    {
        if (!File.Exists(file))
            throw new CommandFault($"--genesis {file} is not there.", "name the genesis.json of the chain, such as DIR/genesis.json of a devnet.");
        string text = await File.ReadAllTextAsync(file, cancel);
        return Genesis.TryParse(text, out Genesis? genesis, out GenesisFault fault)
            ? genesis! : throw new CommandFault($"--genesis {file} is no genesis: {fault}.", "name the genesis.json that the chain's nodes run with.");
    }

    private static void Show(TermVerdict verdict, Output output)
    {
        output.Line($"term {verdict.Term}: roll from the state of block {verdict.RollBlock}, drawn at block {verdict.DrawBlock}, seed {verdict.Seed}");
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{verdict.Roll.Entries.Length} stand, {verdict.Impeached.Length} numbers of term {verdict.Term - Terms.DrawLead} impeached; {verdict.ProvenWords:N0} words and balances proven"));
        output.Line("seat  account                                     by         state and node");
        foreach (SeatVerdict seat in verdict.Seats)
        {
            string who = seat.Computed is { } held ? $"{held.Account}  {(held.Elected ? "elected" : "default")}" : "nobody".PadRight(51);
            output.Line($"{seat.Seat,4}  {who}    {(seat.Agrees ? "agree" : "DIFFER")}");
        }
        foreach (string difference in verdict.Differences) output.Line($"DIFFERS: {difference}");
        output.Line(verdict.Agrees ? "agrees" : "does not agree");
    }
}

/// <summary>A verification, for a machine.</summary>
internal sealed record TermReport(
    ulong Term, bool Agrees, string Seed, ulong RollBlock, ulong DrawBlock, int Standing, int ProvenWords,
    IReadOnlyList<ImpeachedReport> Impeached, IReadOnlyList<SeatReport> Seats, IReadOnlyList<string> Differences)
{
    public static TermReport Of(TermVerdict verdict) => new(
        verdict.Term, verdict.Agrees, verdict.Seed.ToString(), verdict.RollBlock, verdict.DrawBlock, verdict.Roll.Entries.Length, verdict.ProvenWords,
        [.. verdict.Impeached.Select(static one => new ImpeachedReport(one.Number, one.Account.ToString(), one.Elected))],
        [.. verdict.Seats.Select(static seat => new SeatReport(
            seat.Seat, seat.Computed?.Account.ToString(), seat.Computed?.Elected, seat.Stored?.Account.ToString(), seat.Said?.Account.ToString(), seat.Agrees))],
        verdict.Differences);
}

/// <summary>An impeached number, for a machine.</summary>
internal sealed record ImpeachedReport(ulong Number, string Account, bool Elected);

/// <summary>A seat, for a machine; accounts by the rules, in the state and in the node's words.</summary>
internal sealed record SeatReport(int Seat, string? Account, bool? Elected, string? Stored, string? Said, bool Agrees);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(TermReport))]
internal sealed partial class TermReportJson : JsonSerializerContext;

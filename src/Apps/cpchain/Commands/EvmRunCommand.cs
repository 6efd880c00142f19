using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Terminal;
using CPChain.EvmTools;
using CPChain.Types;

namespace CPChain.App.Commands;

/// <summary>`cpchain evm run`: a piece of code on an empty state.</summary>
internal static class EvmRunCommand
{
    private const ulong GasDefault = 1UL << 24;

    public static Command Create()
    {
        Option<string> code = new("--code") { Description = "The code, hexadecimal.", HelpName = "HEX", Required = true };
        Option<string?> input = new("--input") { Description = "Call data, hexadecimal.", HelpName = "HEX" };
        Option<ulong> gas = new("--gas")
        {
            Description = "Gas for the code alone.",
            HelpName = "N",
            DefaultValueFactory = static _ => GasDefault,
        };
        Option<string> fork = new("--fork")
        {
            Description = "The rule set.",
            HelpName = "NAME",
            DefaultValueFactory = static _ => CPChain.Evm.EvmRules.Osaka.Name,
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object: status, gasUsed, refund, output, logs, storage." };
        Command command = new("run", "Run code on an empty state; exit code 1 unless it succeeds.") { code, input, gas, fork, json };
        command.SetAction((parsed, _) => Task.FromResult(Run(
            Bytes("--code", parsed.GetValue(code)!), Bytes("--input", parsed.GetValue(input) ?? ""), parsed.GetValue(gas),
            parsed.GetValue(fork)!, parsed.GetValue(json))));
        return command;
    }

    private static int Run(byte[] code, byte[] input, ulong gas, string fork, bool json)
    {
        CodeRun run = CodeRun.Execute(EvmCommand.RulesNamed(fork), code, input, gas);
        Output output = Output.ForCommand(json);
        output.Line($"status   {run.Status}");
        output.Line($"gas used {run.GasUsed}");
        output.Line($"refund   {run.Refund}");
        output.Line($"output   {run.Output}");
        foreach (CodeLog log in run.Logs) output.Line($"log      {string.Join(' ', log.Topics)} data {log.Data}");
        foreach ((string slot, string value) in run.Storage) output.Line($"storage  {slot} = {value}");
        if (json) Console.WriteLine(JsonSerializer.Serialize(run, CodeRunJson.Default.CodeRun));
        return run.Status == "Success" ? 0 : CommandFault.FailedExitCode;
    }

    private static byte[] Bytes(string option, string text) => Hex.TryDecode(text, out byte[] bytes)
        ? bytes
        : throw new CommandFault($"{option} is not an even number of hexadecimal digits.", $"write {option} 0x6001600201.");
}

/// <summary>JSON of a run, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(CodeRun))]
internal sealed partial class CodeRunJson : JsonSerializerContext;

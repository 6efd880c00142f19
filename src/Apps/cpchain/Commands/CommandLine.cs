using System.CommandLine;
using System.CommandLine.Invocation;

namespace CPChain.App.Commands;

/// <summary>The program's commands and the one place where a failure becomes a message and an exit code.</summary>
public static class CommandLine
{
    private const string About = """
        CPChain: a chain and an encrypted data platform for things that measure.

        Start here:
          cpchain demo                  real readings, protected, proven, sold and paid for, in a minute
          cpchain demo --data FILE.csv  the same with your own time series
          cpchain devnet                a local chain that stays up, with an RPC endpoint and funded accounts
        """;

    // Nodes close their stores in order on Ctrl-C; on a busy machine that takes a while.
    private static readonly TimeSpan StopWithin = TimeSpan.FromMinutes(1);

    public static async Task<int> RunAsync(string[] args)
    {
        RootCommand root = new(About)
        {
            DemoCommand.Create(),
            DevnetCommand.Create(),
            NodeCommand.Create(),
            PersonCommand.Create(),
            AccountCommand.Create(),
            RNodeCommand.Create(),
            CampaignCommand.Create(),
            EconomyCommand.Create(),
            BenchCommand.Create(),
            ModelCommand.Create(),
            SimCommand.Create(),
            DporCommand.Create(),
            EvmCommand.Create(),
            RpcCompatCommand.Create(),
            AbiCommand.Create(),
            FuzzCommand.Create(),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            string what = parsed.UnmatchedTokens is [var unknown, ..]
                ? $"there is no command or option '{unknown}'." : parsed.Errors[0].Message;
            await Console.Error.WriteLineAsync($"{CommandFault.WhatPrefix}{what}");
            await Console.Error.WriteLineAsync($"  {CommandFault.FixPrefix}see 'cpchain {CommandPath(parsed)}--help'.");
            return CommandFault.UsageExitCode;
        }

        try
        {
            if (parsed.Action is AsynchronousCommandLineAction) SystemLibraries.Demand();
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = StopWithin,
            });
        }
        catch (Exception failure) when (Failures.TryExplain(failure, out CommandFault? fault))
        {
            await Console.Error.WriteLineAsync($"{CommandFault.WhatPrefix}{fault.Message}");
            await Console.Error.WriteLineAsync($"  {CommandFault.FixPrefix}{fault.Fix}");
            return fault.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    private static string CommandPath(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
}

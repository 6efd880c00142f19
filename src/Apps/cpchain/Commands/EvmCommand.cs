using System.CommandLine;
using CPChain.Evm;

namespace CPChain.App.Commands;

/// <summary>`cpchain evm`: the machine alone, without a chain.</summary>
internal static class EvmCommand
{
    public static Command Create() => new("evm", "The virtual machine alone: run code, Ethereum's state tests, benchmarks.")
    {
        EvmStateTestCommand.Create(),
        EvmRunCommand.Create(),
        EvmBenchCommand.Create(),
        EvmFuzzCommand.Create(),
    };

    /// <summary>The rule set of this name.</summary>
    public static EvmRules RulesNamed(string name) =>
        EvmRules.All.FirstOrDefault(rules => string.Equals(rules.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new CommandFault(
            $"there is no rule set named {name}.", $"name one of: {string.Join(", ", EvmRules.All.Select(rules => rules.Name))}.");
}

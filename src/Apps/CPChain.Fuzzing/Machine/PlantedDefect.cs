using CPChain.Evm;

namespace CPChain.Fuzzing.Machine;

/// <summary>A mistake made on purpose, which the campaign must find: it shows that the comparison can fail.</summary>
/// <param name="Name">How the command names it.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Rules">Osaka with the mistake.</param>
public sealed record PlantedDefect(string Name, string What, EvmRules Rules)
{
    /// <summary>All that can be planted.</summary>
    public static IReadOnlyList<PlantedDefect> All { get; } =
    [
        new("create-unmetered", "CREATE and CREATE2 ask nothing for the words of init code",
            EvmRules.Osaka with { MetersInitCode = false }),
        new("cold-coinbase", "BALANCE and its like ask the cold price for the coinbase", EvmRules.Osaka with { HasWarmCoinbase = false }),
        new("berlin-refunds", "SSTORE refunds what it did before EIP-3529", EvmRules.Osaka with { HasReducedRefunds = false }),
        new("prague-modexp", "modular exponentiation costs what it did before EIP-7883", EvmRules.Osaka with { HasOsakaModExp = false }),
        new("no-clz", "CLZ is not there", EvmRules.Osaka with { HasCountLeadingZeros = false }),
        new("ef-code", "code may begin with 0xef", EvmRules.Osaka with { RejectsEfCode = false }),
        new("selfdestruct-deletes", "SELFDESTRUCT deletes what earlier transactions created",
            EvmRules.Osaka with { HasLimitedSelfDestruct = false }),
        new("no-floor", "call data has no floor price", EvmRules.Osaka with { HasCalldataFloor = false }),
    ];

    /// <summary>The defect of this name, or null.</summary>
    public static PlantedDefect? Find(string name) => All.FirstOrDefault(one => one.Name == name);
}

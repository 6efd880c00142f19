using System.Text.Json;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods.Elections;

/// <summary>cpc_*: rewards, fees and seasons (D11, D14).</summary>
internal static class EconomyMethods
{
    private const ulong MsPerSecond = 1_000;

    public static void Add(MethodTable table, RpcNode node)
    {
        table.Add("cpc_getBlockReward", a => Reward(a, node.Chain));
        table.Add("cpc_getEconomy", a => Economy(a, node.Chain));
    }

    private static RpcAnswer Reward(RpcArguments a, ChainReader chain)
    {
        BlockSelector block = a.Block(0);
        if (a.Fault is { } fault) return fault;
        if (chain.Rules.Elections is not { } elections) return RpcFault.NoElections;
        // Of a number to come it is known as well: the numbers alone decide.
        return (block.Number ?? chain.HeaderOf(block)?.Number) is { } number
            ? RpcAnswer.Quantity(Eras.RewardOf(elections.Dpor.Parameters, number)) : RpcFault.NoSuchBlock;
    }

    private static RpcAnswer Economy(RpcArguments a, ChainReader chain)
    {
        BlockSelector block = a.Block(0);
        if (a.Fault is { } fault) return fault;
        return chain.Read(block, state =>
        {
            if (chain.HeaderOf(new BlockSelector(0, null, false)) is not { } genesis) return RpcFault.NoSuchBlock;
            SeasonTimes times = state.Parameters.Season;
            EconomySeason seasons = new(times, genesis.TimestampMs / MsPerSecond);
            ulong now = state.Header.TimestampMs / MsPerSecond;
            (ulong season, SeasonPhase phase) = seasons.At(now);
            ulong begins = genesis.TimestampMs / MsPerSecond + season * times.Length;
            UInt256 reserve = state.View.BalanceOf(SystemContracts.Reserve);
            return RpcAnswer.Of(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("block", state.Header.Number);
                json.WriteNumber("timestamp", now);
                json.WriteStartObject("season");
                json.WriteNumber("number", season);
                json.WriteString("phase", PhaseName(phase));
                json.WriteNumber("raisingFrom", begins);
                json.WriteNumber("lockedFrom", begins + times.RaiseSeconds);
                json.WriteNumber("settlementFrom", begins + times.RaiseSeconds + times.LockSeconds);
                json.WriteNumber("until", begins + times.Length);
                json.Quantity("pool", seasons.PoolOf(season));
                json.WriteEndObject();
                json.Quantity("reserve", reserve);
                WriteEra(json, state.Parameters, state.Header.Number + 1);
                WriteFees(json, state.Dpor);
                json.WriteEndObject();
            });
        });
    }

    private static void WriteEra(Utf8JsonWriter json, DporParameters parameters, ulong next)
    {
        json.WriteStartObject("reward");
        json.WriteNumber("number", next);
        json.Quantity("amount", Eras.RewardOf(parameters, next));
        if (Eras.IndexOf(parameters, next) is int era)
        {
            json.WriteNumber("era", era);
            json.WriteNumber("lastNumber", parameters.Eras[era].LastNumber);
        }
        else
        {
            json.WriteNull("era");
            json.WriteNull("lastNumber");
        }
        json.WriteEndObject();
    }

    private static void WriteFees(Utf8JsonWriter json, DporGenesis dpor)
    {
        FeeShares fees = dpor.Parameters.Fees;
        json.WriteStartObject("feesPerMille");
        json.WriteNumber("proposer", fees.Proposer);
        json.WriteNumber("validators", fees.Validators);
        json.WriteNumber("foundation", fees.Foundation);
        json.WriteNumber("reserve", fees.Reserve);
        json.WriteEndObject();
        json.Address("foundation", dpor.Foundation);
    }

    private static string PhaseName(SeasonPhase phase) => phase switch
    {
        SeasonPhase.Raising => "raising",
        SeasonPhase.Locked => "locked",
        _ => "settlement",
    };
}

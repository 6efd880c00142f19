using CPChain.Chain;
using CPChain.Evm;
using CPChain.EvmTools.StateTests;
using CPChain.Types;

namespace CPChain.EvmTools;

/// <summary>One event of a run.</summary>
/// <param name="Topics">At most four words.</param>
/// <param name="Data">Bytes, hexadecimal.</param>
public sealed record CodeLog(IReadOnlyList<string> Topics, string Data);

/// <summary>What a piece of code did on an empty state.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="GasUsed">Gas, before refunds.</param>
/// <param name="Refund">Refund counter.</param>
/// <param name="Output">Return data or reason, hexadecimal.</param>
/// <param name="Logs">Events.</param>
/// <param name="Storage">Slots written, with what they hold.</param>
public sealed record CodeRun(
    string Status, ulong GasUsed, ulong Refund, string Output, IReadOnlyList<CodeLog> Logs,
    IReadOnlyDictionary<string, string> Storage)
{
    /// <summary>Chain id of a run; the one that development networks of Ethereum use.</summary>
    private const ulong ChainId = 31_337;

    private static readonly Address Contract = Address.FromUInt256(0xc0deUL);
    private static readonly Address Caller = Address.FromUInt256(0xca11e4UL);

    /// <summary>Runs code once, called by an account without balance.</summary>
    public static CodeRun Execute(EvmRules rules, byte[] code, byte[] input, ulong gas)
    {
        StateOverlay state = new(new MemoryStateView([new GenesisAccount(Contract, UInt256.Zero, 1, code, [])]));
        BlockContext block = new()
        {
            Number = 1,
            Timestamp = 0,
            Coinbase = Address.Zero,
            GasLimit = gas,
            BaseFee = UInt256.Zero,
            PrevRandao = Hash256.Zero,
            ChainId = ChainId,
        };
        state.BeginTransaction();
        state.WarmAccount(Caller);
        state.WarmAccount(Contract);
        EvmMessage message = EvmMessage.Call(Caller, Contract, UInt256.Zero, input, gas);
        EvmResult result = new EvmMachine(rules).Execute(message, state, block, new TxContext(Caller, UInt256.Zero));
        ulong refund = state.Refund;
        IReadOnlyList<CodeLog> logs = [.. state.Logs.Select(static log => new CodeLog(
            [.. log.Topics.Select(static topic => topic.ToString())], Hex.Encode(log.Data.Span)))];
        state.EndTransaction();
        return new CodeRun(
            result.Status.ToString(), gas - result.GasLeft, refund, Hex.Encode(result.Output.Span), logs,
            state.Collect().Storage.Where(static slot => slot.Address == Contract)
                .ToDictionary(static slot => Word(slot.Slot), static slot => Word(slot.Value)));
    }

    private static string Word(in UInt256 word) => Hex.Encode(word.ToBigEndian());
}

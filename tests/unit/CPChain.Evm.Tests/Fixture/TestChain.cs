using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>One state, one block, and the machine with each of its engines: runs code and keeps what came out. Every test
/// of the machine goes through here, so that all engines run the same cases and must agree.</summary>
internal sealed class TestChain
{
    internal static readonly Address Sender = At(0x5e);
    internal static readonly Address Contract = At(0xc0de);
    internal static readonly UInt256 Rich = UInt256.One << 100;

    private readonly EvmMachine _machine;
    private readonly EngineShadow[] _shadows;

    internal TestChain(EvmRules? rules = null)
    {
        _machine = new EvmMachine(rules ?? EvmRules.Osaka);
        _shadows = [new EngineShadow(_machine.Rules, EvmEngine.Plain), new EngineShadow(_machine.Rules, EvmEngine.Decoded)];
        State.Set(Sender, Rich, nonce: 1);
    }

    internal MemoryState State { get; } = new();

    internal StateOverlay? Overlay { get; private set; }

    internal EvmMachine Machine => _machine;

    internal BlockContext Block { get; set; } = new()
    {
        Number = 1000,
        Timestamp = 1_700_000_000,
        Coinbase = At(0xc01b),
        GasLimit = 250_000_000,
        BaseFee = 7,
        PrevRandao = Hash256.FromUInt256(0x12345),
        ChainId = 1337,
        GetBlockHash = static number => Hash256.FromUInt256(number + 1),
    };

    internal TxContext Transaction { get; set; } = new(Sender, 9);

    internal static Address At(ulong number) => Address.FromUInt256(number);

    /// <summary>Runs code at <see cref="Contract"/> as one transaction.</summary>
    internal EvmResult Run(byte[] code, ulong gas = 10_000_000, byte[]? input = null, UInt256 value = default)
    {
        State.Set(Contract, Rich, code, 1);
        return Call(Contract, gas, input, value);
    }

    /// <summary>Calls an account as one transaction on the state, or on the overlay of the call before.</summary>
    internal EvmResult Call(
        Address to, ulong gas = 10_000_000, byte[]? input = null, UInt256 value = default, bool keep = false)
    {
        Begin(keep);
        Overlay!.WarmAccount(to);
        foreach (EngineShadow shadow in _shadows) shadow.Overlay!.WarmAccount(to);
        return End(EvmMessage.Call(Sender, to, value, input, gas));
    }

    internal EvmResult Create(byte[] initCode, Address at, ulong gas = 10_000_000, bool keep = false)
    {
        Begin(keep);
        return End(EvmMessage.Create(Sender, at, UInt256.Zero, initCode, gas));
    }

    /// <summary>Runs code that leaves one word on the stack; the word and the gas of the code alone.</summary>
    internal (UInt256 Word, ulong Gas) Evaluate(params byte[][] code)
    {
        byte[] body = Code.Join(code);
        EvmResult result = Run(Code.Join(body, Code.Return1));
        Assert.Equal(EvmStatus.Success, result.Status);
        return (UInt256.FromBigEndian(result.Output.Span), 10_000_000 - result.GasLeft - Code.Return1Gas);
    }

    private void Begin(bool keep)
    {
        bool isNew = !keep || Overlay is null;
        if (isNew) Overlay = new StateOverlay(State);
        Begin(Overlay!);
        foreach (EngineShadow shadow in _shadows)
        {
            if (isNew) shadow.Overlay = new StateOverlay(State);
            Begin(shadow.Overlay!);
        }
    }

    private void Begin(StateOverlay overlay)
    {
        overlay.BeginTransaction();
        overlay.WarmAccount(Sender);
        overlay.WarmAccount(Block.Coinbase);
    }

    private EvmResult End(in EvmMessage message)
    {
        EvmResult result = _machine.Execute(message, Overlay!, Block, Transaction);
        Logs = Overlay!.TakeLogs();
        Refund = Overlay.Refund;
        Overlay.EndTransaction();
        foreach (EngineShadow shadow in _shadows) shadow.MustAgree(this, message, result);
        return result;
    }

    internal IReadOnlyList<EvmLog> Logs { get; private set; } = [];

    internal ulong Refund { get; private set; }
}

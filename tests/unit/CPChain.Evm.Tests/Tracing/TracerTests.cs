using System.Globalization;
using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>What a tracer is told of calls, creations, self-destructions and events, whether or not code runs in them.</summary>
public sealed class TracerTests
{
    private const ulong Gas = 1_000_000;

    private static readonly Address s_empty = TestChain.At(0x44);
    private static readonly Address s_coder = TestChain.At(0x55);

    [Fact]
    public void Calls_of_accounts_with_and_without_code_and_of_precompiled_contracts_are_told()
    {
        Notes notes = Trace(Code.Join(
            Code.Call(0xf1, s_empty, 7), [0x50],
            Code.Call(0xfa, TestChain.At(4)), [0x50],
            Code.Call(0xf4, s_coder), [0x50],
            Code.Call(0xf2, s_coder, 1), [0x00]));
        Assert.Equal(
            [
                $"0 Call {TestChain.Sender} {TestChain.Contract} 0",
                $"1 Call {TestChain.Contract} {s_empty} 7", "1 Success",
                $"1 StaticCall {TestChain.Contract} {TestChain.At(4)} 0", "1 Success",
                $"1 DelegateCall {TestChain.Contract} {s_coder} 0", "log", "1 Success",
                $"1 CallCode {TestChain.Contract} {s_coder} 1", "log", "1 Success",
                "0 Success",
            ],
            notes.Lines);
    }

    [Fact]
    public void What_is_refused_before_it_begins_is_told_with_the_reason()
    {
        Notes notes = Trace(Code.Join(
            Code.Call(0xf1, s_empty, TestChain.Rich + 1UL), [0x50], Code.Operands(TestChain.Rich + 1UL, 0, 0), [0xf0, 0x00]));
        Assert.Equal("1 InsufficientBalance", notes.Lines[2]);
        Assert.StartsWith("1 Create ", notes.Lines[3], StringComparison.Ordinal);
        Assert.Equal(["1 InsufficientBalance", "0 Success"], notes.Lines[4..]);
    }

    [Fact]
    public void Calls_that_nest_too_deep_end_in_their_own_way()
    {
        // Calls itself with all its gas until the depth is reached.
        Notes notes = Trace(Code.Join(Code.Call(0xf1, TestChain.Contract), [0x00]), gas: 30_000_000_000_000);
        Assert.Equal(EvmMachine.CallDepthMax + 2, notes.Entered);
        Assert.Equal("1025 CallDepthExceeded", notes.Lines[EvmMachine.CallDepthMax + 2]);
        Assert.Equal(notes.Entered, notes.Left);
    }

    [Fact]
    public void A_creation_is_told_with_its_address_and_its_code_and_a_self_destruction_with_its_heir()
    {
        byte[] init = Code.InitFor(Code.Join(Code.Push(s_empty), [0xff]));
        Notes notes = Trace(Code.Join(
            Code.StoreBytes(init), Code.Operands(5, 0, (ulong)init.Length), [0xf0],
            // CALL of what was created: the address lies below the operands.
            Code.Operands(0, 0, 0, 0, 0), [0x85, 0x5a, 0xf1, 0x00]));
        Address created = CPChain.Crypto.ContractAddress.Create(TestChain.Contract, 1);
        Assert.Equal(
            [
                $"1 Create {TestChain.Contract} {created} 5", "1 Success",
                $"1 Call {TestChain.Contract} {created} 0", $"2 SelfDestruct {created} {s_empty} 5", "2 Success", "1 Success", "0 Success",
            ],
            notes.Lines[1..]);
    }

    [Fact]
    public void The_gas_told_adds_up_to_what_the_message_cost()
    {
        // A step costs what is missing at the next step of the same depth; a call costs what is missing when it begins.
        Notes notes = Trace(Code.Join(Code.Call(0xf1, s_coder, gas: 50_000), [0x50, 0x5a, 0x50, 0x00]));
        Assert.Equal(50_000UL, notes.GasOfLastCall);
        Assert.Equal(notes.StepsAt0[^1].Gas, notes.GasLeft);
        (ulong before, ulong kept) = (notes.StepsAt0.First(static s => s.Opcode == 0xf1).Gas, notes.GasOfCaller);
        // Cold account, and what the callee got.
        Assert.Equal(before - 2_600 - 50_000, kept);
    }

    [Fact]
    public void A_moved_precompiled_contract_answers_at_its_new_place_and_its_old_one_is_ordinary_and_warm()
    {
        Address moved = TestChain.At(0x123456);
        EvmMachine machine = new(EvmRules.Osaka, EvmEngine.Adaptive, [], [new PrecompileMove(TestChain.At(2), moved)]);
        Assert.True(machine.IsPrecompile(moved));
        Assert.False(machine.IsPrecompile(TestChain.At(2)));
        TestChain chain = new();
        StateOverlay overlay = new(chain.State);
        overlay.BeginTransaction();
        EvmResult hash = machine.Execute(
            EvmMessage.Call(TestChain.Sender, moved, 0, "abc"u8.ToArray(), Gas), overlay, chain.Block, chain.Transaction);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData("abc"u8), hash.Output.ToArray());
        EvmResult nothing = machine.Execute(
            EvmMessage.Call(TestChain.Sender, TestChain.At(2), 0, "abc"u8.ToArray(), Gas), overlay, chain.Block, chain.Transaction);
        Assert.Equal((EvmStatus.Success, Gas, 0), (nothing.Status, nothing.GasLeft, nothing.Output.Length));
    }

    private static Notes Trace(byte[] code, ulong gas = Gas)
    {
        TestChain chain = new();
        chain.State.Set(TestChain.Contract, TestChain.Rich, code, 1);
        // Leaves an event without topics and data.
        chain.State.Set(s_coder, 0, [0x5f, 0x5f, 0xa0, 0x00], 1);
        StateOverlay overlay = new(chain.State);
        overlay.BeginTransaction();
        Notes notes = new();
        EvmResult result = chain.Machine.Execute(
            EvmMessage.Call(TestChain.Sender, TestChain.Contract, 0, default, gas), overlay, chain.Block, chain.Transaction, notes);
        Assert.Equal(EvmStatus.Success, result.Status);
        Assert.Equal(result.GasLeft, notes.GasLeft);
        return notes;
    }

    private sealed class Notes : IEvmTracer
    {
        internal List<string> Lines { get; } = [];

        internal List<(byte Opcode, ulong Gas)> StepsAt0 { get; } = [];

        internal int Entered { get; private set; }

        internal int Left { get; private set; }

        internal ulong GasOfLastCall { get; private set; }

        internal ulong GasOfCaller { get; private set; }

        internal ulong GasLeft { get; private set; }

        public void OnEnter(in EvmCall call)
        {
            Entered++;
            (GasOfLastCall, GasOfCaller) = (call.Gas, call.GasOfCaller);
            Lines.Add(string.Create(CultureInfo.InvariantCulture, $"{call.Depth} {call.Kind} {call.From} {call.To} {call.Value}"));
        }

        public void OnStep(in EvmStep step)
        {
            if (step.Depth == 0) StepsAt0.Add((step.Opcode, step.GasLeft));
        }

        public void OnLog(EvmLog log) => Lines.Add("log");

        public void OnLeave(in EvmExit exit)
        {
            Left++;
            GasLeft = exit.GasLeft;
            Lines.Add(string.Create(CultureInfo.InvariantCulture, $"{exit.Depth} {exit.Status}"));
        }
    }
}

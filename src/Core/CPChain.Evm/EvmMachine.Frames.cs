using System.Runtime.CompilerServices;
using CPChain.Evm.Interpreter;
using CPChain.Evm.Interpreter.Streams;
using CPChain.Types;

namespace CPChain.Evm;

public sealed unsafe partial class EvmMachine
{
    /// <summary>EIP-7702: code of an account that runs another one's code is this and 20 bytes of address.</summary>
    private static ReadOnlySpan<byte> DelegationMark => [0xef, 0x01, 0x00];

    internal Frame FrameAt(int depth)
    {
        while (_frames.Count <= depth) _frames.Add(new Frame(this, _frames.Count));
        return _frames[depth];
    }

    internal CodeImage CodeOf(AccountCell owner) => _codes.Get(owner.CodeHash, State);

    /// <summary>The account whose code runs instead of that of <paramref name="cell"/>, or null (EIP-7702).</summary>
    internal AccountCell? Delegate(AccountCell cell)
    {
        if (!Rules.HasDelegation || !cell.HasCode) return null;
        ReadOnlySpan<byte> code = CodeOf(cell).Original;
        return code.Length == DelegationMark.Length + Address.Length && code.StartsWith(DelegationMark)
            ? State.Cell(Address.FromBytes(code[DelegationMark.Length..]))
            : null;
    }

    /// <summary>Warms an account; true if it was cold (EIP-2929; precompiled contracts never are).</summary>
    internal bool WarmUp(AccountCell cell) => State.WarmAccount(cell) && !Precompiles.IsUsual(cell.Address);

    /// <summary>Warms an account and says what the access costs.</summary>
    internal long AccessCost(AccountCell cell) => WarmUp(cell) ? GasCost.ColdAccount : GasCost.WarmAccess;

    /// <summary>Whether value sent there, or before EIP-161 any call, makes an account.</summary>
    internal bool IsNew(AccountCell cell) => Rules.ClearsEmptyAccounts ? StateOverlay.IsDead(cell) : !cell.Exists;

    internal void Transfer(AccountCell payer, AccountCell payee, in UInt256 value)
    {
        if (payer != payee && !value.IsZero) State.SubtractBalance(payer, value);
        State.AddBalance(payee, payer == payee ? UInt256.Zero : value);
    }

    internal void BeginCreation(AccountCell creator, AccountCell created, in UInt256 value)
    {
        State.MarkCreated(created);
        if (Rules.ClearsEmptyAccounts) State.SetNonce(created, 1);
        Transfer(creator, created, value);
    }

    /// <summary>Runs the outermost frame and all that it calls. Nested calls are frames in a list, not calls of this
    /// program: the depth of the machine's own stack does not depend on the code.</summary>
    private Frame Drive(Frame outermost)
    {
        Frame f = outermost;
        while (true)
        {
            if (RunLoop(f) == LoopExit.Calling)
            {
                f = _frames[f.Depth + 1];
                continue;
            }

            End(f);
            if (f.Depth == 0) return f;
            Frame parent = _frames[f.Depth - 1];
            Resume(parent, f);
            f = parent;
        }
    }

    /// <summary>Decides how a frame begins: decoded where its code is hot, else with the gas at which it becomes so.</summary>
    internal void ChooseEngine(Frame f)
    {
        f.Record = null;
        f.HotAt = long.MinValue;
        if (_tracer is not null || Engine == EvmEngine.Plain || !f.Code.CanDecode) return;
        if (f.Code.HeatLeft <= 0 || Engine == EvmEngine.Decoded) f.Record = StreamOf(f.Code).First + 1;
        else f.HotAt = f.Gas - f.Code.HeatLeft;
    }

    private CodeStream StreamOf(CodeImage code)
    {
        if (code.Stream is { } known) return known;
        CodeStream stream = code.Decode();
        _codes.MakeRoom(stream.Footprint);
        return stream;
    }

    /// <summary>The one place that changes engines within a frame.</summary>
    private LoopExit RunLoop(Frame f)
    {
        if (_tracer is not null) return SwitchLoop.Run<Traced>(f);
        while (true)
        {
            LoopExit exit = f.Record is null ? SwitchLoop.Run<Silent>(f) : StreamLoop.Run(f);
            switch (exit)
            {
                case LoopExit.Hot:
                    CodeStream stream = StreamOf(f.Code);
                    f.Record = stream.First + stream.Targets[f.Ip - f.Code.Start];
                    f.HotAt = long.MinValue;
                    break;
                case LoopExit.Failing:
                    f.Record = null;
                    f.HotAt = long.MinValue;
                    break;
                default:
                    return exit;
            }
        }
    }

    private void End(Frame f)
    {
        if (f.Code.HeatLeft > 0) f.Code.HeatLeft -= f.GasAtStart - Math.Max(f.Gas, 0);
        long gasAfterCode = f.Gas;
        if (f.IsCreate && f.Status == EvmStatus.Success) f.Status = StoreCode(f);
        if (f.Status != EvmStatus.Success) State.Revert(f.Snapshot);
        if (f.Status is not (EvmStatus.Success or EvmStatus.Revert))
        {
            f.Gas = 0;
            f.OutputLength = 0;
        }

        ReportLeave(f, gasAfterCode);
    }

    private EvmStatus StoreCode(Frame f)
    {
        if (Rules.BoundsCode && f.OutputLength > CodeBytesMax) return EvmStatus.CodeTooLong;
        if (Rules.RejectsEfCode && f.OutputLength > 0 && f.Output[0] == 0xef) return EvmStatus.CodeBeginsWithEf;
        if (!f.Charge(GasCost.CodeByte * f.OutputLength)) return EvmStatus.OutOfGas;
        State.SetCode(f.Self, f.Output.ToArray());
        return EvmStatus.Success;
    }

    private static void Resume(Frame parent, Frame child)
    {
        bool succeeded = child.Status == EvmStatus.Success;
        parent.IsCalling = false;
        parent.Gas += child.Gas;
        ulong* result = parent.Sp - 4;
        if (child.IsCreate)
        {
            if (child.Status == EvmStatus.Revert) parent.ReturnData.Set(child.Output);
            if (succeeded) Limbs.Set(result, child.Self.Address.ToUInt256());
        }
        else
        {
            parent.ReturnData.Set(child.Output);
            parent.CopyReturnData(child.ReturnOffset, child.ReturnLength);
            if (succeeded) Limbs.Set(result, 1UL);
        }

        child.Release();
    }
}

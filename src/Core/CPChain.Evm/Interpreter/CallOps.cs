using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Evm.Interpreter;

/// <summary>The CALL and CREATE families: gas, then either an immediate result in the lowest operand or a prepared
/// frame one level deeper.</summary>
internal static unsafe class CallOps
{
    internal static EvmStatus Call(Frame f, byte op, ulong* sp)
    {
        EvmMachine machine = f.Machine;
        StateOverlay state = machine.State;
        bool hasValue = op is Op.Call or Op.Callcode;
        ulong* areas = hasValue ? sp - 16 : sp - 12;
        ulong* result = areas - 12;
        UInt256 value = hasValue ? Limbs.Get(sp - 12) : UInt256.Zero;
        bool moves = !value.IsZero;
        if (f.IsStatic && op == Op.Call && moves) return EvmStatus.StaticViolation;
        if (!f.Expand(areas, areas - 4) || !f.Expand(areas - 8, areas - 12)) return EvmStatus.OutOfGas;

        AccountCell target = state.Cell(Address.FromUInt256(Limbs.Get(sp - 8)));
        long cost = machine.Flat?.Call ?? machine.AccessCost(target);
        if (moves) cost += GasCost.CallValue;
        if (op == Op.Call && (moves || !machine.Rules.ClearsEmptyAccounts) && machine.IsNew(target)) cost += GasCost.NewAccount;
        if (!f.Charge(cost)) return EvmStatus.OutOfGas;

        // An account that delegates to itself pays for the look at the delegate like any other (EIP-7702).
        AccountCell? delegated = machine.Delegate(target);
        if (delegated is not null && !f.Charge(machine.AccessCost(delegated))) return EvmStatus.OutOfGas;
        AccountCell codeOwner = delegated ?? target;

        UInt256 wanted = Limbs.Get(sp - 4);
        long available = Available(f);
        if (!machine.Rules.KeepsPartOfGas && wanted > (ulong)available) return EvmStatus.OutOfGas;
        long gas = wanted < (ulong)available ? (long)wanted.U0 : available;
        f.Gas -= gas;
        if (moves) gas += GasCost.CallStipend;

        ulong inputOffset = areas[0];
        int inputLength = (int)areas[-4];
        ulong outputOffset = areas[-8];
        ulong outputLength = areas[-12];
        f.ReturnData.Clear();
        Limbs.Set(result, 0UL);
        byte* input = inputLength == 0 ? f.Memory : f.Memory + inputOffset;
        if (machine.IsTraced)
        {
            machine.ReportEnter(
                f, op, target.Address, op == Op.Delegatecall ? f.Value : value, gas,
                new ReadOnlySpan<byte>(input, inputLength));
        }

        if (f.Depth + 1 > EvmMachine.CallDepthMax || (moves && f.Self.Balance < value))
        {
            EvmStatus refusal = f.Depth + 1 > EvmMachine.CallDepthMax
                ? EvmStatus.CallDepthExceeded
                : EvmStatus.InsufficientBalance;
            machine.ReportLeave(f, refusal, gas, default);
            f.Gas += gas;
            return EvmStatus.Success;
        }

        int snapshot = state.Snapshot();
        if (op == Op.Call) machine.Transfer(f.Self, target, value);
        else if (op == Op.Staticcall) state.Touch(target);

        if (machine.Precompiles.Contains(target.Address))
        {
            RunPrecompile(f, target.Address, input, inputLength, gas, snapshot, outputOffset, outputLength, result);
            return EvmStatus.Success;
        }

        if (!codeOwner.HasCode || (codeOwner != target && machine.Precompiles.Contains(codeOwner.Address)))
        {
            machine.ReportLeave(f, EvmStatus.Success, gas, default);
            f.Gas += gas;
            Limbs.Set(result, 1UL);
            return EvmStatus.Success;
        }

        Frame child = machine.FrameAt(f.Depth + 1);
        child.Self = op is Op.Call or Op.Staticcall ? target : f.Self;
        child.Caller = op == Op.Delegatecall ? f.Caller : f.Self.Address;
        child.Value = op == Op.Delegatecall ? f.Value : value;
        child.IsStatic = f.IsStatic || op == Op.Staticcall;
        child.IsCreate = false;
        child.Snapshot = snapshot;
        child.Input = input;
        child.InputLength = inputLength;
        child.ReturnOffset = outputOffset;
        child.ReturnLength = outputLength;
        child.Start(machine.CodeOf(codeOwner), gas);
        f.IsCalling = true;
        return EvmStatus.Success;
    }

    internal static EvmStatus Create(Frame f, byte op, ulong* sp)
    {
        if (f.IsStatic) return EvmStatus.StaticViolation;
        EvmMachine machine = f.Machine;
        StateOverlay state = machine.State;
        UInt256 value = Limbs.Get(sp - 4);
        ulong* offset = sp - 8;
        ulong* length = sp - 12;
        ulong* result = op == Op.Create ? length : sp - 16;
        if (machine.Rules.MetersInitCode
            && ((length[1] | length[2] | length[3]) != 0 || length[0] > EvmMachine.InitCodeBytesMax))
        {
            return EvmStatus.InitCodeTooLong;
        }

        if (!f.Expand(offset, length) || !f.Charge(CreateGas(machine.Rules, op, length[0]))) return EvmStatus.OutOfGas;
        int initLength = (int)length[0];
        ReadOnlySpan<byte> initCode = initLength == 0 ? default : new ReadOnlySpan<byte>(f.Memory + offset[0], initLength);
        UInt256 salt = op == Op.Create2 ? Limbs.Get(sp - 16) : UInt256.Zero;
        f.ReturnData.Clear();
        Limbs.Set(result, 0UL);
        AccountCell creator = f.Self;
        Address address = op == Op.Create
            ? ContractAddress.Create(creator.Address, creator.Nonce)
            : ContractAddress.Create2(creator.Address, salt, Keccak256.Hash(initCode));
        long gas = Available(f);
        f.Gas -= gas;
        if (machine.IsTraced) machine.ReportEnter(f, op, address, value, gas, initCode);
        EvmStatus refusal = RefusalOf(f, creator, value);
        if (refusal != EvmStatus.Success)
        {
            machine.ReportLeave(f, refusal, gas, default);
            f.Gas += gas;
            return EvmStatus.Success;
        }

        state.SetNonce(creator, creator.Nonce + 1);
        AccountCell created = state.Cell(address);
        state.WarmAccount(created);
        if (StateOverlay.IsTaken(created))
        {
            machine.ReportLeave(f, EvmStatus.CreateCollision, 0, default);
            return EvmStatus.Success;
        }

        Frame child = machine.FrameAt(f.Depth + 1);
        child.Snapshot = state.Snapshot();
        machine.BeginCreation(creator, created, value);
        child.Self = created;
        child.Caller = creator.Address;
        child.Value = value;
        child.IsStatic = false;
        child.IsCreate = true;
        child.Input = f.Memory;
        child.InputLength = 0;
        child.ReturnOffset = 0;
        child.ReturnLength = 0;
        child.Start(new CodeImage(initCode.ToArray(), machine.Rules), gas);
        f.IsCalling = true;
        return EvmStatus.Success;
    }

    /// <summary>What a frame may hand on (EIP-150).</summary>
    private static long Available(Frame f) => f.Machine.Rules.KeepsPartOfGas ? f.Gas - (f.Gas / 64) : f.Gas;

    private static EvmStatus RefusalOf(Frame f, AccountCell creator, in UInt256 value)
    {
        if (f.Depth + 1 > EvmMachine.CallDepthMax) return EvmStatus.CallDepthExceeded;
        if (creator.Balance < value) return EvmStatus.InsufficientBalance;
        return creator.Nonce == ulong.MaxValue ? EvmStatus.NonceOverflow : EvmStatus.Success;
    }

    private static long CreateGas(EvmRules rules, byte op, ulong length)
    {
        long words = GasCost.Words(length);
        return GasCost.Create + (rules.MetersInitCode ? GasCost.InitCodeWord * words : 0)
            + (op == Op.Create2 ? GasCost.KeccakWord * words : 0);
    }

    private static void RunPrecompile(
        Frame f, in Address address, byte* input, int inputLength, long gas, int snapshot, ulong outputOffset,
        ulong outputLength, ulong* result)
    {
        bool succeeded = f.Machine.Precompiles.TryRun(
            address, new ReadOnlySpan<byte>(input, inputLength), ref gas, f.ReturnData);
        if (!succeeded)
        {
            f.Machine.State.Revert(snapshot);
            f.ReturnData.Clear();
            f.Machine.ReportLeave(f, EvmStatus.PrecompileFailure, 0, default);
            return;
        }

        f.Machine.ReportLeave(f, EvmStatus.Success, gas, f.ReturnData.Written);
        f.Gas += gas;
        f.CopyReturnData(outputOffset, outputLength);
        Limbs.Set(result, 1UL);
    }
}

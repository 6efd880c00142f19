using CPChain.Types;

namespace CPChain.Evm.Interpreter;

internal static unsafe partial class HeavyOps
{
    internal static EvmStatus ReadAccount(Frame f, byte op, ulong* sp)
    {
        ulong* word = sp - 4;
        AccountCell cell = f.Machine.State.Cell(Address.FromUInt256(Limbs.Get(word)));
        if (!f.Charge(f.Machine.Flat is { } flat ? FlatCost(flat, op) : f.Machine.AccessCost(cell))) return EvmStatus.OutOfGas;
        UInt256 value = op switch
        {
            Op.Balance => cell.Balance,
            Op.Extcodesize => (ulong)f.Machine.State.GetCode(cell.CodeHash).Length,
            _ => StateOverlay.IsDead(cell) ? UInt256.Zero : cell.CodeHash.ToUInt256(),
        };
        Limbs.Set(word, value);
        return EvmStatus.Success;
    }

    internal static EvmStatus StorageLoad(Frame f, ulong* sp)
    {
        StateOverlay state = f.Machine.State;
        SlotCell slot = state.Slot(f.Self, Limbs.Get(sp - 4));
        bool wasCold = state.WarmSlot(slot);
        if (!f.Charge(f.Machine.Flat?.Slot ?? (wasCold ? GasCost.ColdSlot : GasCost.WarmAccess))) return EvmStatus.OutOfGas;
        Limbs.Set(sp - 4, slot.Current);
        return EvmStatus.Success;
    }

    /// <summary>EIP-2200 as amended by EIP-2929 and EIP-3529.</summary>
    internal static EvmStatus StorageStore(Frame f, ulong* sp)
    {
        if (f.IsStatic) return EvmStatus.StaticViolation;
        if (f.Machine.Flat is not null) return StorageStoreFlat(f, sp);
        if (f.Gas <= GasCost.SstoreSentry) return EvmStatus.OutOfGas;
        StateOverlay state = f.Machine.State;
        SlotCell slot = state.Slot(f.Self, Limbs.Get(sp - 4));
        UInt256 value = Limbs.Get(sp - 8);
        long gas = state.WarmSlot(slot) ? GasCost.ColdSlot : 0;
        bool isFirstChange = slot.Current == slot.Original;
        if (value == slot.Current || !isFirstChange) gas += GasCost.WarmAccess;
        else gas += slot.Original.IsZero ? GasCost.SstoreSet : GasCost.SstoreReset;
        if (!f.Charge(gas)) return EvmStatus.OutOfGas;
        if (value == slot.Current) return EvmStatus.Success;
        AdjustRefund(f.Machine, slot, value, GasCost.SstoreReset, GasCost.WarmAccess);
        state.SetStorage(f.Self, slot, value);
        return EvmStatus.Success;
    }

    /// <summary>SSTORE before slots were cold or warm: each store by itself, or EIP-1283, or EIP-2200.</summary>
    private static EvmStatus StorageStoreFlat(Frame f, ulong* sp)
    {
        EvmMachine machine = f.Machine;
        StorageMetering metering = machine.Rules.Metering;
        if (metering == StorageMetering.GuardedNet && f.Gas <= GasCost.SstoreSentry) return EvmStatus.OutOfGas;
        SlotCell slot = machine.State.Slot(f.Self, Limbs.Get(sp - 4));
        UInt256 value = Limbs.Get(sp - 8);
        if (metering == StorageMetering.Gross)
        {
            bool sets = slot.Current.IsZero && !value.IsZero;
            if (!f.Charge(sets ? GasCost.SstoreSet : GasCost.SstoreResetFlat)) return EvmStatus.OutOfGas;
            if (value.IsZero && !slot.Current.IsZero) machine.State.AddRefund(GasCost.ClearRefundBerlin);
        }
        else
        {
            long dirty = metering == StorageMetering.Net ? GasCost.SstoreDirtyNet : GasCost.SstoreDirtyGuarded;
            bool isDirty = value == slot.Current || slot.Current != slot.Original;
            long gas = isDirty ? dirty : slot.Original.IsZero ? GasCost.SstoreSet : GasCost.SstoreResetFlat;
            if (!f.Charge(gas)) return EvmStatus.OutOfGas;
            if (value != slot.Current) AdjustRefund(machine, slot, value, GasCost.SstoreResetFlat, dirty);
        }

        machine.State.SetStorage(f.Self, slot, value);
        return EvmStatus.Success;
    }

    internal static void TransientLoad(Frame f, ulong* sp) =>
        Limbs.Set(sp - 4, f.Machine.State.GetTransient(f.Self, Limbs.Get(sp - 4)));

    internal static EvmStatus TransientStore(Frame f, ulong* sp)
    {
        if (f.IsStatic) return EvmStatus.StaticViolation;
        f.Machine.State.SetTransient(f.Self, Limbs.Get(sp - 4), Limbs.Get(sp - 8));
        return EvmStatus.Success;
    }

    /// <summary>EIP-6780: moves the balance; deletes only what this transaction created.</summary>
    internal static EvmStatus SelfDestruct(Frame f, ulong* sp)
    {
        if (f.IsStatic) return EvmStatus.StaticViolation;
        EvmMachine machine = f.Machine;
        StateOverlay state = machine.State;
        AccountCell heir = state.Cell(Address.FromUInt256(Limbs.Get(sp - 4)));
        UInt256 balance = f.Self.Balance;
        long gas = machine.Flat?.SelfDestruct ?? GasCost.SelfDestruct;
        if (machine.Flat is null && machine.WarmUp(heir)) gas += GasCost.ColdAccount;
        // Before EIP-150 a new heir was free; before EIP-161 one was paid for even if nothing was left to it.
        bool counts = machine.Rules.ClearsEmptyAccounts ? !balance.IsZero : machine.Rules.KeepsPartOfGas;
        if (counts && machine.IsNew(heir)) gas += GasCost.NewAccount;
        if (!f.Charge(gas)) return EvmStatus.OutOfGas;

        bool deletes = !machine.Rules.HasLimitedSelfDestruct || state.IsCreatedInTransaction(f.Self);
        if (!machine.Rules.HasReducedRefunds && !state.IsDestroyedInTransaction(f.Self))
        {
            state.AddRefund(GasCost.SelfDestructRefundBerlin);
        }

        state.SubtractBalance(f.Self, balance);
        if (heir != f.Self || !deletes) state.AddBalance(heir, balance);
        else state.NoteBurned(balance);
        if (deletes) state.MarkDestroyed(f.Self);
        if (machine.IsTraced)
        {
            machine.ReportEnter(f, Op.Selfdestruct, heir.Address, balance, 0, default);
            machine.ReportLeave(f, EvmStatus.Success, 0, default);
        }

        return EvmStatus.Success;
    }

    private static long FlatCost(FlatGas flat, byte op) => op switch
    {
        Op.Balance => flat.Balance,
        Op.Extcodesize => flat.Code,
        _ => flat.CodeHash,
    };

    /// <summary>A restored slot gives back what changing it cost beyond the price of a dirty one.</summary>
    private static void AdjustRefund(EvmMachine machine, SlotCell slot, in UInt256 value, long reset, long dirty)
    {
        StateOverlay state = machine.State;
        ulong clearing = machine.Rules.HasReducedRefunds ? GasCost.ClearRefund : GasCost.ClearRefundBerlin;
        if (!slot.Original.IsZero)
        {
            if (slot.Current.IsZero) state.SubtractRefund(clearing);
            else if (value.IsZero) state.AddRefund(clearing);
        }

        if (value == slot.Original && slot.Current != slot.Original)
        {
            state.AddRefund((ulong)((slot.Original.IsZero ? GasCost.SstoreSet : reset) - dirty));
        }
    }
}

using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Evm.Tests;

/// <summary>The journaled overlay.</summary>
public sealed class StateOverlayTests
{
    private static readonly Address A = TestChain.At(0xa);
    private static readonly Address B = TestChain.At(0xb);

    private static MemoryState Parent()
    {
        MemoryState parent = new();
        parent.Set(A, 100, [0x01], 3);
        parent.SetStorage(A, 1, 11);
        parent.Set(B, 50);
        return parent;
    }

    [Fact]
    public void Untouched_overlay_has_no_changes()
    {
        StateOverlay overlay = new(Parent());
        overlay.BeginTransaction();
        Assert.Equal(100U, overlay.GetBalance(A));
        Assert.Equal(11U, overlay.GetStorage(A, 1));
        overlay.WarmAccount(B);
        overlay.EndTransaction();
        Assert.Equal(StateChanges.None, overlay.Collect() with
        {
            Accounts = [],
            Storage = [],
            ClearedStorage = [],
            Codes = [],
        });
        Assert.Empty(overlay.Collect().Accounts);
    }

    [Fact]
    public void Supply_is_kept_by_transfers_and_by_nothing_that_makes_or_loses_a_unit()
    {
        StateOverlay overlay = new(Parent());
        overlay.BeginTransaction();
        overlay.AddBalance(A, 7);
        overlay.EndTransaction();
        Assert.False(overlay.KeepsSupply());

        overlay.BeginTransaction();
        overlay.SubtractBalance(B, 7);
        overlay.EndTransaction();
        Assert.True(overlay.KeepsSupply());

        // All that there is, and as much more as makes the sum wrap to where it was.
        overlay.BeginTransaction();
        overlay.AddBalance(TestChain.At(0xc), UInt256.MaxValue);
        overlay.AddBalance(TestChain.At(0xd), 1);
        overlay.EndTransaction();
        Assert.False(overlay.KeepsSupply());
    }

    [Fact]
    public void Revert_restores_everything_in_any_random_history()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), steps =>
        {
            StateOverlay overlay = new(Parent());
            overlay.BeginTransaction();
            overlay.SetStorage(A, 2, 5);
            overlay.AddRefund(1000);
            string before = Describe(overlay);
            int snapshot = overlay.Snapshot();
            foreach (int step in steps) Apply(overlay, step);
            overlay.Revert(snapshot);
            Assert.Equal(before, Describe(overlay));
        }).QuickCheckThrowOnFailure();
    }

    private static void Apply(StateOverlay overlay, int step)
    {
        Address address = (step & 1) == 0 ? A : B;
        UInt256 number = (ulong)((step >> 4) & 3);
        switch ((step >> 1) & 7)
        {
            case 0: overlay.SetStorage(address, number, (ulong)(step & 0xff)); break;
            case 1: overlay.SetTransient(address, number, (ulong)(step & 0xff)); break;
            case 2: overlay.AddBalance(address, number); break;
            case 3: overlay.SetCode(address, new byte[] { (byte)(step & 0xff) }); break;
            case 4: overlay.WarmSlot(address, number); break;
            case 5: overlay.SetNonce(address, (ulong)(step & 0xff)); break;
            case 6: overlay.AddLog(new EvmLog(address, [], default)); break;
            default: overlay.AddRefund(7); break;
        }
    }

    private static string Describe(StateOverlay overlay)
    {
        List<object> parts = [overlay.Refund, overlay.Logs.Count];
        foreach (Address address in new[] { A, B })
        {
            overlay.TryGetAccount(address, out Account account);
            parts.Add(account);
            for (ulong slot = 0; slot < 4; slot++)
            {
                parts.Add(overlay.GetStorage(address, slot));
                parts.Add(overlay.GetTransient(address, slot));
            }
        }

        return string.Join('|', parts);
    }

    [Fact]
    public void Revert_makes_a_warm_slot_cold_again()
    {
        StateOverlay overlay = new(Parent());
        overlay.BeginTransaction();
        int snapshot = overlay.Snapshot();
        Assert.True(overlay.WarmSlot(A, 1));
        Assert.False(overlay.WarmSlot(A, 1));
        overlay.Revert(snapshot);
        Assert.True(overlay.WarmSlot(A, 1));
    }

    [Fact]
    public void Original_value_is_that_of_the_start_of_the_transaction()
    {
        StateOverlay overlay = new(Parent());
        overlay.BeginTransaction();
        overlay.SetStorage(A, 1, 12);
        Assert.Equal(11U, overlay.GetOriginalStorage(A, 1));
        overlay.EndTransaction();
        overlay.BeginTransaction();
        Assert.Equal(12U, overlay.GetOriginalStorage(A, 1));
        overlay.SetStorage(A, 1, 11);
        overlay.EndTransaction();
        Assert.Empty(overlay.Collect().Storage);
    }

    [Fact]
    public void Touched_empty_account_goes_and_an_emptied_one_too()
    {
        StateOverlay overlay = new(Parent());
        overlay.BeginTransaction();
        overlay.AddBalance(TestChain.At(0xe), 0);
        overlay.SubtractBalance(B, 50);
        overlay.EndTransaction();
        StateChanges changes = overlay.Collect();
        Assert.Equal([new AccountChange(B, null)], changes.Accounts);
    }

    [Fact]
    public void Changes_come_sorted_whatever_the_order_of_writing()
    {
        ulong[] order = [9, 1, 7, 3, 5];
        StateChanges Changes(IEnumerable<ulong> numbers)
        {
            StateOverlay overlay = new(Parent());
            overlay.BeginTransaction();
            foreach (ulong number in numbers)
            {
                overlay.AddBalance(TestChain.At(number), number);
                overlay.SetStorage(A, number, number);
                overlay.SetCode(TestChain.At(number), new byte[] { (byte)number });
            }

            overlay.EndTransaction();
            return overlay.Collect();
        }

        StateChanges one = Changes(order);
        StateChanges other = Changes(order.Reverse());
        Assert.Equal(one.Accounts, other.Accounts);
        Assert.Equal(one.Storage, other.Storage);
        Assert.Equal(one.Codes.Select(c => c.CodeHash), other.Codes.Select(c => c.CodeHash));
        Assert.Equal(one.Accounts.OrderBy(a => a.Address), one.Accounts);
        Assert.Equal(one.Storage.OrderBy(s => s.Slot), one.Storage);
    }

    [Fact]
    public void Overlay_over_an_overlay_sees_its_accounts_storage_and_code()
    {
        StateOverlay lower = new(Parent());
        lower.BeginTransaction();
        lower.SetStorage(A, 5, 55);
        lower.SetCode(B, new byte[] { 0xaa });
        lower.EndTransaction();
        StateOverlay upper = new(lower);
        upper.BeginTransaction();
        Assert.Equal(55U, upper.GetStorage(A, 5));
        Assert.Equal([0xaa], upper.GetCodeOf(B).ToArray());
        upper.SetStorage(A, 5, 56);
        upper.EndTransaction();
        Assert.Equal(55U, lower.GetStorage(A, 5));
        Assert.Equal([new StorageChange(A, 5, 56)], upper.Collect().Storage);
    }

    [Fact]
    public void Recreated_contract_does_not_see_the_storage_of_the_deleted_one()
    {
        TestChain chain = new(EvmRules.Shanghai);
        chain.State.Set(A, 1, [0x30, 0xff], 1);
        chain.State.SetStorage(A, 1, 11);
        chain.Call(A);
        Assert.Equal(UInt256.Zero, chain.Overlay!.GetStorage(A, 1));
        chain.Create(Code.Join([0x60, 1, 0x54], Code.Return1), A, keep: true);
        StateChanges changes = chain.Overlay.Collect();
        Assert.Equal([A], changes.ClearedStorage);
        Assert.Empty(changes.Storage);
    }
}

using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Evm;

/// <summary>Changes on top of a parent state that does not change itself: journaled within a transaction, carried on
/// from transaction to transaction. An overlay may be the parent of another one.</summary>
/// <remarks>Not thread safe. The order of use is <see cref="BeginTransaction"/>, changes, <see cref="EndTransaction"/>,
/// as often as needed, then <see cref="Collect"/>.</remarks>
public sealed partial class StateOverlay(IStateReader parent) : IStateReader
{
    private const int RecentCells = 16;

    private readonly Dictionary<Address, AccountCell> _cells = [];
    private readonly AccountCell?[] _recent = new AccountCell?[RecentCells];
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> _codes = [];
    private readonly List<JournalEntry> _journal = [];
    private readonly List<AccountCell> _touched = [];
    private readonly List<EvmLog> _logs = [];
    private ulong _transaction = 1;

    /// <summary>Refund counter of the running transaction, before the cap of EIP-3529.</summary>
    public ulong Refund { get; private set; }

    /// <summary>Coins that the running transaction took from contracts destroyed to themselves, base units.</summary>
    public UInt256 Burned { get; private set; }

    /// <summary>Logs of the running or just ended transaction.</summary>
    public IReadOnlyList<EvmLog> Logs => _logs;

    /// <summary>Starts a transaction: warm sets, transient storage, logs, refunds and created marks are empty.</summary>
    public void BeginTransaction()
    {
        Invariant.Check(_journal.Count == 0, "the transaction before was ended");
        _transaction = checked(_transaction + 1);
        _logs.Clear();
        _touched.Clear();
        Refund = 0;
        Burned = UInt256.Zero;
    }

    /// <summary>Ends a transaction: deletes what destroyed itself (EIP-6780) and touched empty accounts (EIP-161).</summary>
    /// <param name="heir">Who gets what is left in deleted accounts and what they burned (rule E11); null burns it as Ethereum does.</param>
    /// <param name="clearsEmpty">False keeps empty accounts, as before EIP-161.</param>
    public void EndTransaction(Address? heir = null, bool clearsEmpty = true)
    {
        UInt256 left = Burned;
        foreach (AccountCell cell in _touched)
        {
            if (cell.DestroyedIn == _transaction)
            {
                left += cell.Balance;
                Delete(cell);
            }
            else if (clearsEmpty && cell.TouchedIn == _transaction && cell.Exists && cell.IsEmpty)
            {
                cell.Exists = false;
            }
        }

        if (heir is { } address && !left.IsZero)
        {
            AddBalance(Cell(address), left);
        }

        _touched.Clear();
        _journal.Clear();
    }

    /// <summary>Logs of the running transaction as a list that stays.</summary>
    public ImmutableArray<EvmLog> TakeLogs() => [.. _logs];

    /// <summary>A mark to which <see cref="Revert"/> can go back within this transaction.</summary>
    public int Snapshot() => _journal.Count;

    /// <summary>Undoes everything since <paramref name="snapshot"/>, warm sets and refunds included.</summary>
    public void Revert(int snapshot)
    {
        Invariant.Check(snapshot >= 0 && snapshot <= _journal.Count, "the snapshot belongs to this transaction");
        for (int i = _journal.Count - 1; i >= snapshot; i--)
        {
            _journal[i].Undo(this);
        }

        _journal.RemoveRange(snapshot, _journal.Count - snapshot);
    }

    /// <summary>Appends an event.</summary>
    public void AddLog(EvmLog log)
    {
        Write(JournalKind.Log, null);
        _logs.Add(log);
    }

    /// <summary>Raises the refund counter.</summary>
    public void AddRefund(ulong gas)
    {
        Write(JournalKind.Refund, null, number: Refund);
        Refund = checked(Refund + gas);
    }

    /// <summary>Lowers the refund counter by what was added before.</summary>
    public void SubtractRefund(ulong gas)
    {
        Write(JournalKind.Refund, null, number: Refund);
        Refund = checked(Refund - gas);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) =>
        codeHash == Account.Empty.CodeHash ? default
        : _codes.TryGetValue(codeHash, out ReadOnlyMemory<byte> code) ? code
        : parent.GetCode(codeHash);

    internal void DropLastLog() => _logs.RemoveAt(_logs.Count - 1);

    internal void RestoreRefund(ulong refund) => Refund = refund;

    /// <summary>Notes what left an account and went to nobody; undone with the frame.</summary>
    internal void NoteBurned(in UInt256 amount)
    {
        Write(JournalKind.Burned, null, word: Burned);
        Burned += amount;
    }

    internal void RestoreBurned(in UInt256 burned) => Burned = burned;

    internal AccountCell Cell(in Address address)
    {
        // Cells stay as long as the overlay, so that a remembered one is never wrong.
        ref AccountCell? recent = ref _recent[(int)(address.ToUInt256().U0 % RecentCells)];
        if (recent is not null && recent.Address == address)
        {
            return recent;
        }

        if (_cells.TryGetValue(address, out AccountCell? cell))
        {
            recent = cell;
            return cell;
        }

        bool exists = parent.TryGetAccount(address, out Account account);
        cell = new AccountCell(address, exists, exists ? account : Account.Empty);
        _cells.Add(address, cell);
        recent = cell;
        return cell;
    }

    private static void Delete(AccountCell cell)
    {
        cell.Exists = false;
        cell.Nonce = 0;
        cell.Balance = UInt256.Zero;
        cell.CodeHash = Account.Empty.CodeHash;
        cell.ParentStorageCleared = true;
        cell.Slots = null;
        cell.RecentSlot = null;
    }

    private void Write(
        JournalKind kind, AccountCell? account, SlotCell? slot = null, in UInt256 word = default, ulong number = 0) =>
        _journal.Add(new JournalEntry(kind, account, slot, word, number));
}

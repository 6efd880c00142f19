using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Evm;

public sealed partial class StateOverlay
{
    /// <inheritdoc/>
    public bool TryGetAccount(in Address address, out Account account)
    {
        AccountCell cell = Cell(address);
        account = cell.Exists ? cell.Current : Account.Empty;
        return cell.Exists;
    }

    /// <summary>Whether the account is absent or empty in the sense of EIP-161.</summary>
    public bool IsDead(in Address address) => IsDead(Cell(address));

    /// <summary>Balance in base units; zero for an absent account.</summary>
    public UInt256 GetBalance(in Address address) => Cell(address).Balance;

    /// <summary>Nonce; zero for an absent account.</summary>
    public ulong GetNonce(in Address address) => Cell(address).Nonce;

    /// <summary>Code hash; that of empty code for an absent account.</summary>
    public Hash256 GetCodeHash(in Address address) => Cell(address).CodeHash;

    /// <summary>Code of the account, a delegation designator (EIP-7702) included as it stands.</summary>
    public ReadOnlyMemory<byte> GetCodeOf(in Address address) => GetCode(Cell(address).CodeHash);

    /// <summary>Adds to a balance; adding zero touches the account.</summary>
    public void AddBalance(in Address address, in UInt256 amount) => AddBalance(Cell(address), amount);

    /// <summary>Takes from a balance that covers it.</summary>
    public void SubtractBalance(in Address address, in UInt256 amount) => SubtractBalance(Cell(address), amount);

    /// <summary>Sets a balance, out of nothing: for simulations.</summary>
    public void SetBalance(in Address address, in UInt256 balance)
    {
        AccountCell cell = Cell(address);
        if (cell.Balance > balance) SubtractBalance(cell, cell.Balance - balance);
        else AddBalance(cell, balance - cell.Balance);
    }

    /// <summary>Sets the nonce.</summary>
    public void SetNonce(in Address address, ulong nonce) => SetNonce(Cell(address), nonce);

    /// <summary>Sets the code; empty code removes it.</summary>
    public void SetCode(in Address address, ReadOnlyMemory<byte> code) => SetCode(Cell(address), code);

    /// <summary>Puts the account into the warm set (EIP-2929); true if it was cold.</summary>
    public bool WarmAccount(in Address address) => WarmAccount(Cell(address));

    /// <summary>Whether this transaction created the account (EIP-6780).</summary>
    public bool IsCreatedInTransaction(in Address address) => Cell(address).CreatedIn == _transaction;

    internal static bool IsDead(AccountCell cell) => !cell.Exists || cell.IsEmpty;

    internal bool IsCreatedInTransaction(AccountCell cell) => cell.CreatedIn == _transaction;

    internal bool IsDestroyedInTransaction(AccountCell cell) => cell.DestroyedIn == _transaction;

    internal void AddBalance(AccountCell cell, in UInt256 amount)
    {
        Touch(cell);
        if (amount.IsZero)
        {
            return;
        }

        Invariant.Check(UInt256.TryAdd(cell.Balance, amount, out UInt256 sum), "a balance fits into 256 bits");
        Write(JournalKind.Balance, cell, word: cell.Balance);
        cell.Balance = sum;
    }

    internal void SubtractBalance(AccountCell cell, in UInt256 amount)
    {
        Touch(cell);
        if (amount.IsZero)
        {
            return;
        }

        Invariant.Check(UInt256.TrySubtract(cell.Balance, amount, out UInt256 rest), "the payer was checked before");
        Write(JournalKind.Balance, cell, word: cell.Balance);
        cell.Balance = rest;
    }

    internal void SetNonce(AccountCell cell, ulong nonce)
    {
        Touch(cell);
        Write(JournalKind.Nonce, cell, number: cell.Nonce);
        cell.Nonce = nonce;
    }

    internal void SetCode(AccountCell cell, ReadOnlyMemory<byte> code)
    {
        Touch(cell);
        Hash256 hash = Keccak256.Hash(code.Span);
        Write(JournalKind.Code, cell, word: cell.CodeHash.ToUInt256());
        cell.CodeHash = hash;
        if (code.Length != 0)
        {
            _codes.TryAdd(hash, code);
        }
    }

    internal bool WarmAccount(AccountCell cell)
    {
        if (cell.WarmIn == _transaction)
        {
            return false;
        }

        Write(JournalKind.WarmAccount, cell, number: cell.WarmIn);
        cell.WarmIn = _transaction;
        return true;
    }

    internal void MarkCreated(AccountCell cell)
    {
        Write(JournalKind.Created, cell, number: cell.CreatedIn);
        cell.CreatedIn = _transaction;
    }

    internal void MarkDestroyed(AccountCell cell)
    {
        Touch(cell);
        if (cell.DestroyedIn != _transaction)
        {
            Write(JournalKind.Destroyed, cell, number: cell.DestroyedIn);
            cell.DestroyedIn = _transaction;
        }
    }

    /// <summary>Whether EIP-684 and EIP-7610 forbid a creation here.</summary>
    internal static bool IsTaken(AccountCell cell) =>
        cell.Nonce != 0 || cell.HasCode
        || (cell.ParentExists && !cell.ParentStorageCleared && cell.Parent.StorageRoot != Account.Empty.StorageRoot);

    internal void Touch(AccountCell cell)
    {
        if (!cell.Exists)
        {
            Write(JournalKind.Existence, cell);
            cell.Exists = true;
        }

        if (cell.TouchedIn != _transaction)
        {
            Write(JournalKind.Touched, cell, number: cell.TouchedIn);
            cell.TouchedIn = _transaction;
            _touched.Add(cell);
        }
    }
}

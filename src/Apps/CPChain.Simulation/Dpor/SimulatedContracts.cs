using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Simulation.Dpor;

/// <summary>What the system contracts write for a transaction, on the words that elections read.</summary>
internal sealed class SimulatedContracts(MemoryWords state, Terms terms)
{
    /// <summary>Where deposits lie, as an account.</summary>
    private static Address Pool => SystemContracts.RNodePool;

    public void SetValidators(UInt256 lengthSlot, IReadOnlyList<Address> members)
    {
        Store(SystemContracts.ValidatorSet, lengthSlot, (ulong)members.Count);
        for (int i = 0; i < members.Count; i++)
            Store(SystemContracts.ValidatorSet, Slots.Behind(Slots.Elements(lengthSlot), i), members[i].ToUInt256());
    }

    public void Run(ulong number, RecordedTransaction transaction)
    {
        switch (transaction.Action)
        {
            case RecordedAction.Transfer or RecordedAction.Sale or RecordedAction.Receipt:
                state.Move(transaction.Sender, transaction.Other, transaction.Amount);
                break;
            case RecordedAction.Join:
                state.Move(transaction.Sender, Pool, transaction.Amount);
                Deposit(transaction.Sender, transaction.Amount);
                break;
            case RecordedAction.Quit:
                state.Move(Pool, transaction.Sender, DepositOf(transaction.Sender));
                Deposit(transaction.Sender, UInt256.Zero);
                break;
            case RecordedAction.Slash:
                UInt256 half = DepositOf(transaction.Other) / 2UL;
                state.Move(Pool, SystemContracts.Reserve, half);
                Deposit(transaction.Other, DepositOf(transaction.Other) - half);
                break;
            case RecordedAction.Claim:
                ulong first = terms.TermOf(number) + 1;
                for (int i = 0; i < transaction.Commitments.Length; i++)
                    Append(first + (ulong)i, transaction.Sender, transaction.Commitments[i]);
                break;
            case RecordedAction.Commit:
                Store(SystemContracts.Campaign, Slots.DefaultCommitment(transaction.Sender, transaction.Term), transaction.Commitments[0].ToUInt256());
                break;
            case RecordedAction.Validators:
                ChangeValidators(transaction);
                break;
            default:
                break;
        }
    }

    /// <summary>Takes lists out of memory that no rule reads any more.</summary>
    public void Forget(ulong listTerm)
    {
        UInt256 slot = Slots.Candidates(listTerm);
        int words = Slots.WordsAnEntry * (int)(ulong)state.Load(SystemContracts.Campaign, slot);
        for (int i = 0; i < words; i++)
            Store(SystemContracts.Campaign, Slots.Behind(Slots.Elements(slot), i), UInt256.Zero);
        Store(SystemContracts.Campaign, slot, UInt256.Zero);
    }

    private UInt256 DepositOf(Address account) => new StoredView(state).DepositOf(account);

    private void Deposit(Address account, in UInt256 amount) => Store(SystemContracts.RNodePool, Slots.Deposit(account), amount);

    private void Append(ulong term, Address account, in Hash256 commitment)
    {
        UInt256 slot = Slots.Candidates(term);
        UInt256 count = state.Load(SystemContracts.Campaign, slot);
        UInt256 first = Slots.Elements(slot);
        int word = Slots.WordsAnEntry * (int)(ulong)count;
        Store(SystemContracts.Campaign, slot, count + UInt256.One);
        Store(SystemContracts.Campaign, Slots.Behind(first, word), account.ToUInt256());
        Store(SystemContracts.Campaign, Slots.Behind(first, word + 1), commitment.ToUInt256());
    }

    // A change that holds already becomes the set in force before the next one is noted.
    private void ChangeValidators(RecordedTransaction transaction)
    {
        if (!state.Load(SystemContracts.ValidatorSet, Slots.ValidatorsNextTerm).IsZero)
            SetValidators(Slots.ValidatorsInForce, new StoredView(state).ValidatorsOf(ulong.MaxValue));
        SetValidators(Slots.ValidatorsNext, transaction.Members);
        Store(SystemContracts.ValidatorSet, Slots.ValidatorsNextTerm, transaction.Term);
    }

    private void Store(Address contract, in UInt256 slot, in UInt256 word) => state.Store(contract, slot, word);
}

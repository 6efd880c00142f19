using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>Block 0 and the state it stands on.</summary>
public static class GenesisState
{
    /// <summary>Works out block 0, its result and the rules that follow from the genesis.</summary>
    public static (Block Block, BlockResult Result, ChainRules Rules) Create(Genesis genesis)
    {
        StateChanges changes = ChangesOf(genesis);
        CommittedState committed = StateRootCalculator.Apply(EmptyState.Instance, changes);
        Block block = genesis.BlockOver(committed.Root, Account.EmptyTrieRoot);
        BlockResult result = new(
            committed.Root, Account.EmptyTrieRoot, Account.EmptyTrieRoot, Bloom.Empty, 0, [],
            committed.Changes, committed.Tries);
        return (block, result, ChainRules.Of(genesis, block.Hash));
    }

    private static StateChanges ChangesOf(Genesis genesis)
    {
        ImmutableArray<AccountChange>.Builder accounts = ImmutableArray.CreateBuilder<AccountChange>();
        ImmutableArray<StorageChange>.Builder storage = ImmutableArray.CreateBuilder<StorageChange>();
        SortedDictionary<Hash256, ReadOnlyMemory<byte>> codes = [];
        foreach (GenesisAccount account in genesis.Alloc)
        {
            Hash256 codeHash = account.Code.IsEmpty ? Account.EmptyCodeHash : Keccak256.Hash(account.Code.Span);
            if (!account.Code.IsEmpty)
                codes[codeHash] = account.Code;
            accounts.Add(new AccountChange(
                account.Address, new Account(account.Nonce, account.Balance, codeHash, Account.EmptyTrieRoot)));
            foreach ((UInt256 slot, UInt256 value) in account.Storage)
                storage.Add(new StorageChange(account.Address, slot, value));
        }
        return new StateChanges(
            accounts.ToImmutable(), storage.ToImmutable(), [],
            [.. codes.Select(static pair => new CodeChange(pair.Key, pair.Value))]);
    }
}

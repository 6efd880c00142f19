using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>The state before a block, without a trie: it is compared account by account.</summary>
internal sealed class FlatState : IStateReader
{
    /// <summary>Stands for the root of any storage that is not empty.</summary>
    private static readonly Hash256 SomeStorage = Keccak256.Hash("some storage"u8);

    private readonly Dictionary<Address, Account> _accounts = [];
    private readonly Dictionary<(Address, UInt256), UInt256> _storage = [];
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> _codes = [];

    internal FlatState(IEnumerable<GenesisAccount> accounts)
    {
        foreach (GenesisAccount account in accounts)
        {
            Hash256 codeHash = Keccak256.Hash(account.Code.Span);
            _codes[codeHash] = account.Code;
            _accounts[account.Address] = new Account(
                account.Nonce, account.Balance, codeHash, account.Storage.IsEmpty ? Account.EmptyTrieRoot : SomeStorage);
            foreach ((UInt256 slot, UInt256 value) in account.Storage) _storage[(account.Address, slot)] = value;
        }
    }

    /// <inheritdoc/>
    public bool TryGetAccount(in Address address, out Account account) => _accounts.TryGetValue(address, out account);

    /// <inheritdoc/>
    public UInt256 GetStorage(in Address address, in UInt256 slot) => _storage.GetValueOrDefault((address, slot));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) => _codes.GetValueOrDefault(codeHash);
}

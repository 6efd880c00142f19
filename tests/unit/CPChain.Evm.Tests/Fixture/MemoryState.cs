using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>A whole state in memory.</summary>
internal sealed class MemoryState : IStateReader
{
    private readonly Dictionary<Address, Account> _accounts = [];
    private readonly Dictionary<(Address, UInt256), UInt256> _storage = [];
    private readonly Dictionary<Hash256, byte[]> _codes = [];

    /// <summary>Whether reading storage fails as a broken disk would.</summary>
    internal bool FailsOnStorage { get; set; }

    internal void Set(Address address, UInt256 balance, byte[]? code = null, ulong nonce = 0)
    {
        Hash256 codeHash = code is null or [] ? Account.EmptyCodeHash : Keccak256.Hash(code);
        if (code is not null) _codes[codeHash] = code;
        _accounts[address] = new Account(nonce, balance, codeHash, Account.EmptyTrieRoot);
    }

    internal void SetStorage(Address address, UInt256 slot, UInt256 value)
    {
        _storage[(address, slot)] = value;
        _accounts[address] = _accounts[address] with { StorageRoot = Hash256.FromUInt256(1) };
    }

    public bool TryGetAccount(in Address address, out Account account) => _accounts.TryGetValue(address, out account);

    public UInt256 GetStorage(in Address address, in UInt256 slot) =>
        FailsOnStorage ? throw new IOException("the disk is gone") : _storage.GetValueOrDefault((address, slot));

    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) => _codes.GetValueOrDefault(codeHash);
}

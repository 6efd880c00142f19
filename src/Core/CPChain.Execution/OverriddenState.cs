using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>What one account is taken to be while a call is tried; what is null stays as it is.</summary>
/// <param name="Balance">Base units.</param>
/// <param name="Nonce">The account's nonce.</param>
/// <param name="Code">Its code; empty for none.</param>
/// <param name="Storage">Slots with other words.</param>
/// <param name="IsWholeStorage">All other slots are zero.</param>
public sealed record AccountOverride(
    UInt256? Balance,
    ulong? Nonce,
    ReadOnlyMemory<byte>? Code,
    ImmutableDictionary<UInt256, UInt256> Storage,
    bool IsWholeStorage)
{
    /// <summary>Where the precompiled contract that lies here is to answer instead; null where none is moved.</summary>
    public Address? MovePrecompileTo { get; init; }
}

/// <summary>A state as a call is to see it: another one with some accounts changed. Its root and its trie are those of the other.</summary>
public sealed class OverriddenState : IStateView
{
    private readonly IStateView state;
    private readonly ImmutableDictionary<Address, AccountOverride> overrides;
    private readonly Dictionary<Address, Hash256> codeHashes = [];
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> codes = [];

    public OverriddenState(IStateView state, ImmutableDictionary<Address, AccountOverride> overrides)
    {
        (this.state, this.overrides) = (state, overrides);
        foreach ((Address address, AccountOverride change) in overrides)
        {
            if (change.Code is { } code)
                codes[codeHashes[address] = Keccak256.Hash(code.Span)] = code;
        }
    }

    /// <inheritdoc/>
    public Hash256 StateRoot => state.StateRoot;

    /// <inheritdoc/>
    public ITrieNodeSource TrieNodes => state.TrieNodes;

    /// <inheritdoc/>
    public Hash256 GetBlockHash(ulong number) => state.GetBlockHash(number);

    /// <inheritdoc/>
    public bool TryGetAccount(in Address address, out Account account)
    {
        bool isThere = state.TryGetAccount(address, out account);
        if (!overrides.TryGetValue(address, out AccountOverride? change))
            return isThere;
        Account before = isThere ? account : Account.Empty;
        account = before with
        {
            Balance = change.Balance ?? before.Balance,
            Nonce = change.Nonce ?? before.Nonce,
            CodeHash = codeHashes.TryGetValue(address, out Hash256 codeHash) ? codeHash : before.CodeHash,
        };
        return true;
    }

    /// <inheritdoc/>
    public UInt256 GetStorage(in Address address, in UInt256 slot)
    {
        if (!overrides.TryGetValue(address, out AccountOverride? change))
            return state.GetStorage(address, slot);
        if (change.Storage.TryGetValue(slot, out UInt256 word))
            return word;
        return change.IsWholeStorage ? UInt256.Zero : state.GetStorage(address, slot);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) =>
        codes.TryGetValue(codeHash, out ReadOnlyMemory<byte> code) ? code : state.GetCode(codeHash);
}

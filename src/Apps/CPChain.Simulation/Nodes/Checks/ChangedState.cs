using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.Checks;

/// <summary>The state that block 0 alone makes.</summary>
internal sealed class ChangedState : IStateReader
{
    private readonly Dictionary<Address, Account> accounts = [];
    private readonly Dictionary<(Address, UInt256), UInt256> storage = [];
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> codes = [];

    internal ChangedState(StateChanges changes)
    {
        foreach (AccountChange change in changes.Accounts)
        {
            if (change.After is { } after)
            {
                accounts[change.Address] = after;
            }
        }
        foreach (StorageChange change in changes.Storage)
        {
            storage[(change.Address, change.Slot)] = change.Value;
        }
        foreach (CodeChange change in changes.Codes)
        {
            codes[change.CodeHash] = change.Code;
        }
    }

    public bool TryGetAccount(in Address address, out Account account) => accounts.TryGetValue(address, out account);

    public UInt256 GetStorage(in Address address, in UInt256 slot) => storage.GetValueOrDefault((address, slot));

    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) => codes.GetValueOrDefault(codeHash);
}

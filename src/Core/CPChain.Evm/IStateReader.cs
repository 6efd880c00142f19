using CPChain.Types;

namespace CPChain.Evm;

/// <summary>Read access to a state that does not change while it is read: a committed head, an overlay, a test fixture.</summary>
/// <remarks>Absent accounts, slots and codes are values here, never exceptions.</remarks>
public interface IStateReader
{
    /// <summary>The account at <paramref name="address"/>, or false where there is none.</summary>
    bool TryGetAccount(in Address address, out Account account);

    /// <summary>The word stored in <paramref name="slot"/>; zero where nothing was stored.</summary>
    UInt256 GetStorage(in Address address, in UInt256 slot);

    /// <summary>The code with this Keccak-256 hash; empty for the hash of nothing.</summary>
    ReadOnlyMemory<byte> GetCode(in Hash256 codeHash);
}

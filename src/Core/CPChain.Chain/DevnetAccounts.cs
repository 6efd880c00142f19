using System.Collections.Immutable;
using System.Text;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>
/// The funded accounts of a local network. Their keys follow from this page, so everybody has them: they live on
/// <see cref="ChainId"/> alone, and a genesis or a transaction of another chain that names one is refused.
/// </summary>
public static class DevnetAccounts
{
    /// <summary>Chain id of local networks, the only one on which these accounts may exist.</summary>
    public const ulong ChainId = 133_700;

    /// <summary>How many there are.</summary>
    public const int Count = 10;

    private static readonly ImmutableArray<Address> Addresses = [.. Enumerable.Range(0, Count).Select(AddressOf)];

    /// <summary>The key of account <paramref name="index"/>, 0 to <see cref="Count"/> - 1; the caller disposes it.</summary>
    public static PrivateKey Key(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        Span<byte> secret = stackalloc byte[Hash256.Length];
        Keccak256.Hash(Encoding.UTF8.GetBytes($"CPChain devnet account {index}: everybody has this key"), secret);
        Invariant.Check(PrivateKey.TryFromBytes(secret, out PrivateKey? key), "a devnet seed is not a valid scalar");
        return key!;
    }

    /// <summary>The address of account <paramref name="index"/>.</summary>
    public static Address At(int index) => Addresses[index];

    /// <summary>Whether an account of a local network turns up on another chain.</summary>
    public static bool IsForbidden(ulong chainId, in Address address) => chainId != ChainId && Addresses.Contains(address);

    private static Address AddressOf(int index)
    {
        using PrivateKey key = Key(index);
        return key.Address;
    }
}

using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>The addresses that the programs of one case know.</summary>
/// <param name="Contracts">With code.</param>
/// <param name="Delegated">Accounts without a key that borrow the code of another.</param>
/// <param name="Keyed">Accounts with a key: the sender first, then those that may sign authorisations.</param>
/// <param name="Empty">Accounts that are not there.</param>
internal sealed record CasePlaces(
    IReadOnlyList<Address> Contracts, IReadOnlyList<Address> Delegated, IReadOnlyList<Address> Keyed, IReadOnlyList<Address> Empty)
{
    internal static CasePlaces Of(ulong seed, int contracts, IReadOnlyList<Address> keyed) => new(
        [.. Enumerable.Range(0, contracts).Select(index => At(seed, 0xc0, index))],
        [.. Enumerable.Range(0, 2).Select(index => At(seed, 0xd0, index))],
        keyed,
        [.. Enumerable.Range(0, 2).Select(index => At(seed, 0xe0, index))]);

    private static Address At(ulong seed, byte kind, int index) => Address.FromUInt256(new UInt256(
        ((ulong)kind << 8) | (uint)index, seed, 0xf0220000));
}

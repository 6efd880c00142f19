using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Where Solidity keeps what the rules read and write (specs/dpor, "Contracts").</summary>
public static class Slots
{
    /// <summary>Places of the ring of terms (D5).</summary>
    public const ulong Ring = 16;

    /// <summary>Words of an entry of a roll, a list or a committee.</summary>
    public const int WordsAnEntry = 2;

    /// <summary>Dpor: the rolling mix of D9.3.</summary>
    public static UInt256 Mix => 7;

    /// <summary>Dpor: the schedule word of D10.5.</summary>
    public static UInt256 Schedule => 9;

    /// <summary>ValidatorSet: length of the set in force; its members from <see cref="Elements"/>.</summary>
    public static UInt256 ValidatorsInForce => 0;

    /// <summary>ValidatorSet: length of the next set.</summary>
    public static UInt256 ValidatorsNext => 1;

    /// <summary>ValidatorSet: the first term of the next set, 0 without one.</summary>
    public static UInt256 ValidatorsNextTerm => 2;

    /// <summary>Campaign: whether an account is a default proposer.</summary>
    public static UInt256 DefaultProposer(in Address account) => Mapping(account.ToUInt256(), 2);

    /// <summary>Evidence: how many faults of an account are on record.</summary>
    public static UInt256 Faults(in Address account) => Mapping(account.ToUInt256(), 2);

    /// <summary>Evidence: whether an account's fault at a number is on record; the key is keccak256(account || number, a word each).</summary>
    public static UInt256 Punished(in Address account, ulong number)
    {
        byte[] fault = new byte[64];
        account.CopyTo(fault.AsSpan(12, Address.Length));
        BinaryPrimitives.WriteUInt64BigEndian(fault.AsSpan(56), number);
        return Mapping(Keccak256.Hash(fault).ToUInt256(), 3);
    }

    /// <summary>RNodePool: length of the members' list.</summary>
    public static UInt256 RNodes => 4;

    /// <summary>ValidatorSet: length of the set with a hash.</summary>
    public static UInt256 ValidatorsByHash(in Hash256 setHash) => Mapping(setHash.ToUInt256(), 4);

    /// <summary>Dpor: an account's penalty queue.</summary>
    public static UInt256 Penalties(in Address account) => Mapping(account.ToUInt256(), 0);

    /// <summary>Dpor: an account's deeds of a term.</summary>
    public static UInt256 Deeds(in Address account, ulong term) => Mapping(term % Ring, Mapping(account.ToUInt256(), 1));

    /// <summary>Dpor: an account's money of a term.</summary>
    public static UInt256 Money(in Address account, ulong term) => Mapping(term % Ring, Mapping(account.ToUInt256(), 2));

    /// <summary>Dpor: totals of a term.</summary>
    public static UInt256 Totals(ulong term) => Mapping(term % Ring, 3);

    /// <summary>Dpor: length in words of the roll for a term.</summary>
    public static UInt256 Roll(ulong term) => Mapping(term % Ring, 4);

    /// <summary>Dpor: length in words of the committee of a term.</summary>
    public static UInt256 Committee(ulong term) => Mapping(term % Ring, 5);

    /// <summary>Dpor: 1 + the last term that an account was elected for.</summary>
    public static UInt256 LastElected(in Address account) => Mapping(account.ToUInt256(), 6);

    /// <summary>Dpor: the seed of a term.</summary>
    public static UInt256 Seed(ulong term) => Mapping(term % Ring, 8);

    /// <summary>RNodePool: the word whose low 128 bits are an account's deposit.</summary>
    public static UInt256 Deposit(in Address account) => Mapping(account.ToUInt256(), 0);

    /// <summary>Campaign: how many accounts are on the list of a term.</summary>
    public static UInt256 Candidates(ulong term) => Mapping(term, 0);

    /// <summary>Campaign: a default proposer's commitment for serving a term.</summary>
    public static UInt256 DefaultCommitment(in Address account, ulong term) => Mapping(term, Mapping(account.ToUInt256(), 1));

    /// <summary>The first element of the dynamic array whose length is at a slot.</summary>
    public static UInt256 Elements(in UInt256 slot)
    {
        Span<byte> input = stackalloc byte[UInt256.Length];
        slot.WriteBigEndian(input);
        return Keccak256.Hash(input).ToUInt256();
    }

    /// <summary>The slot so many words behind <paramref name="first"/>; wraps as the EVM does.</summary>
    public static UInt256 Behind(in UInt256 first, int words) => unchecked(first + (ulong)words);

    /// <summary>The value at a key of the mapping at a slot: keccak256(key || slot).</summary>
    public static UInt256 Mapping(in UInt256 key, in UInt256 slot)
    {
        Span<byte> input = stackalloc byte[2 * UInt256.Length];
        key.WriteBigEndian(input[..UInt256.Length]);
        slot.WriteBigEndian(input[UInt256.Length..]);
        return Keccak256.Hash(input).ToUInt256();
    }
}

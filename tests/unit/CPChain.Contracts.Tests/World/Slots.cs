using CPChain.Types;

namespace CPChain.Contracts.Tests.World;

/// <summary>Where Solidity keeps what, as specs/dpor/dpor.md says it for the end-of-block step and elections.</summary>
internal static class Slots
{
    /// <summary>Slot of a mapping's value, as the rules of elections reckon it.</summary>
    public static UInt256 Of(in UInt256 key, in UInt256 slot) => Dpor.Slots.Mapping(key, slot);

    /// <summary>Slot of a value in a mapping of accounts.</summary>
    public static UInt256 Of(Address key, in UInt256 slot) => Of(key.ToUInt256(), slot);

    /// <summary>Slot of the first element of a dynamic array with its length at this slot.</summary>
    public static UInt256 Elements(in UInt256 slot) => Dpor.Slots.Elements(slot);

    /// <summary>Fields from the low-order end of a word.</summary>
    public static UInt256 Pack(params (UInt256 Value, int Bits)[] fields)
    {
        UInt256 word = default;
        int at = 0;
        foreach ((UInt256 value, int bits) in fields)
        {
            word |= value << at;
            at += bits;
        }
        Assert.True(at <= 256);
        return word;
    }
}

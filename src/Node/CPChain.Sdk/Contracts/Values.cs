using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>Decoded ABI values by position, as the C# types of the wrappers.</summary>
internal readonly struct Values(IReadOnlyList<object> items)
{
    public static Values Tuple(object tuple) => new((object[])tuple);

    public UInt256 Number(int i) => (UInt256)items[i];

    public ulong Ulong(int i) => (ulong)(UInt256)items[i];

    public uint Uint(int i) => (uint)(UInt256)items[i];

    public bool Flag(int i) => (bool)items[i];

    public Address Address(int i) => (Address)items[i];

    public byte[] Bytes(int i) => (byte[])items[i];

    public Hash256 Hash(int i) => Hash256.FromBytes((byte[])items[i]);

    public IReadOnlyList<object> List(int i) => (object[])items[i];
}

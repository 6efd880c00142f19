using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>Makes a case from its seed alone: equal seeds give equal cases, whatever the machine does with them.</summary>
public static class CaseMaker
{
    private const int KeysMax = 3;
    private static readonly UInt256 Rich = UInt256.Parse("1000000000000000000");

    /// <summary>The case of a seed.</summary>
    public static MachineCase Make(ulong seed)
    {
        SeededRandom chance = new(seed);
        PrivateKey[] keys = [.. Enumerable.Range(0, 1 + chance.Below(KeysMax)).Select(_ => Key(chance))];
        CasePlaces places = CasePlaces.Of(seed, 1 + chance.Below(4), [.. keys.Select(static key => key.Address)]);
        ProgramMaker maker = new(chance, places);
        List<GenesisAccount> accounts =
        [
            .. places.Contracts.Select((address, index) => new GenesisAccount(
                address, (ulong)chance.Below(1000), 1, maker.Program(index), Storage(chance))),
            .. places.Delegated.Select(address => new GenesisAccount(
                address, 5UL, 1, TransactionRules.Designator(DelegateOf(places, chance)), Storage(chance))),
        ];
        ulong nonce = (ulong)chance.Below(3);
        UnsignedTransaction transaction = TransactionMaker.Make(chance, places, keys, nonce, maker);
        UInt256 balance = Rich;
        if (TransactionRules.TryGetCost(transaction, out UInt256 cost) && chance.Chance(4) && cost > UInt256.One)
        {
            balance = chance.Chance(60) ? cost : cost - UInt256.One;
        }

        // An account that was set to borrow code may still send.
        bool isDelegated = chance.Chance(6);
        accounts.Add(new GenesisAccount(
            keys[0].Address, balance, isDelegated && nonce == 0 ? 1 : nonce,
            isDelegated ? TransactionRules.Designator(DelegateOf(places, chance)) : default, []));
        // None is absent: the peer's state takes an absent authority for an empty account and refunds it (EIP-7702).
        foreach (PrivateKey other in keys.Skip(1))
        {
            accounts.Add(new GenesisAccount(
                other.Address, 3UL, (ulong)chance.Below(2),
                chance.Chance(20) ? TransactionRules.Designator(DelegateOf(places, chance)) : default, []));
        }

        if (isDelegated && nonce == 0) transaction = transaction with { Nonce = 1 };
        ReadOnlyMemory<byte> encoded = Transaction.Sign(transaction, keys[0]).Encoded;
        foreach (PrivateKey key in keys) key.Dispose();
        return new MachineCase(seed, [.. accounts], encoded);
    }

    private static Address DelegateOf(CasePlaces places, SeededRandom chance) => chance.Below(10) switch
    {
        < 7 => chance.Pick(places.Contracts),
        < 8 => chance.Pick(places.Delegated),
        < 9 => chance.Pick(places.Empty),
        _ => Address.FromUInt256((ulong)(1 + chance.Below((int)CommonState.PrecompileMax))),
    };

    private static ImmutableArray<KeyValuePair<UInt256, UInt256>> Storage(SeededRandom chance) =>
    [
        .. Enumerable.Range(0, 8).Where(_ => chance.Chance(30)).Select(slot => KeyValuePair.Create(
            (UInt256)slot, chance.Chance(70) ? (UInt256)(ulong)(1 + chance.Below(3)) : new UInt256(chance.Next(), chance.Next(), 1, chance.Next()))),
    ];

    internal static PrivateKey Key(SeededRandom chance)
    {
        byte[] secret = new UInt256(chance.Next(), chance.Next(), chance.Next(), chance.Next() >> 1).ToBigEndian();
        return PrivateKey.TryFromBytes(secret, out PrivateKey? key)
            ? key : throw new InvalidOperationException("a number below half the order is a key");
    }
}

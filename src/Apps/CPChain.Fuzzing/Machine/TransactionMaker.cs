using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>The transaction of a case: any type, mostly valid, its gas enough for all, for some or for nothing.</summary>
internal static class TransactionMaker
{
    internal static UnsignedTransaction Make(
        SeededRandom chance, CasePlaces places, PrivateKey[] keys, ulong nonce, ProgramMaker maker)
    {
        TxType type = chance.Below(100) switch
        {
            < 30 => TxType.Legacy,
            < 50 => TxType.AccessList,
            < 78 => TxType.FeeMarket,
            _ => TxType.SetCode,
        };
        bool isCreate = type != TxType.SetCode && chance.Chance(12);
        UInt256 feeCap = CommonState.BaseFee + (ulong)chance.Below(20);
        UnsignedTransaction transaction = new()
        {
            Type = type,
            ChainId = CommonState.ChainId,
            Nonce = nonce,
            MaxFeePerGas = feeCap,
            MaxPriorityFeePerGas = type is TxType.FeeMarket or TxType.SetCode ? (ulong)chance.Below((int)feeCap.U0 + 1) : feeCap,
            GasLimit = 0,
            To = isCreate ? null : Recipient(chance, places),
            Value = chance.Chance(60) ? UInt256.Zero : (ulong)chance.Below(1000),
            Data = isCreate ? maker.InitCode(0) : CallData(chance),
            AccessList = type != TxType.Legacy && chance.Chance(type == TxType.AccessList ? 90 : 40) ? AccessList(chance, places) : [],
            Authorizations = type == TxType.SetCode ? Authorizations(chance, places, keys, nonce) : [],
        };
        IntrinsicGas intrinsic = IntrinsicGas.Of(transaction, EvmRules.Osaka);
        transaction = transaction with { GasLimit = Math.Max(intrinsic.Standard, intrinsic.Floor) + GasToRun(chance) };
        return chance.Chance(4) ? Break(transaction, chance, intrinsic) : transaction;
    }

    private static Address Recipient(SeededRandom chance, CasePlaces places) => chance.Below(20) switch
    {
        < 15 => places.Contracts[0],
        < 16 => chance.Pick(places.Delegated),
        < 17 => chance.Pick(places.Keyed),
        < 18 => chance.Pick(places.Empty),
        < 19 => Address.FromUInt256((ulong)(1 + chance.Below((int)CommonState.PrecompileMax))),
        _ => Address.FromUInt256(CommonState.P256),
    };

    /// <summary>Of every order of size, so that execution ends for want of gas anywhere.</summary>
    private static ulong GasToRun(SeededRandom chance) => chance.Below(20) switch
    {
        < 1 => 0,
        < 5 => chance.Next() % (1UL << (4 + chance.Below(14))),
        < 19 => 50_000 + (ulong)chance.Below(350_000),
        _ => 1_500_000,
    };

    private static byte[] CallData(SeededRandom chance)
    {
        byte[] data = new byte[chance.Below(4) switch { 0 => 0, 1 => 4, 2 => 32 * chance.Below(5), _ => chance.Below(300) }];
        bool isSparse = chance.Chance(40);
        for (int index = 0; index < data.Length; index++) data[index] = isSparse && chance.Chance(80) ? (byte)0 : (byte)chance.Below(256);
        return data;
    }

    private static ImmutableArray<AccessListEntry> AccessList(SeededRandom chance, CasePlaces places)
    {
        ImmutableArray<AccessListEntry>.Builder list = ImmutableArray.CreateBuilder<AccessListEntry>();
        for (int count = chance.Below(5); count > 0; count--)
        {
            Address address = chance.Chance(70) ? chance.Pick(places.Contracts) : Recipient(chance, places);
            list.Add(new AccessListEntry(
                address, [.. Enumerable.Range(0, chance.Below(5)).Select(_ => (UInt256)(ulong)chance.Below(8))]));
        }

        return list.ToImmutable();
    }

    private static ImmutableArray<Authorization> Authorizations(
        SeededRandom chance, CasePlaces places, PrivateKey[] keys, ulong nonce)
    {
        ImmutableArray<Authorization>.Builder list = ImmutableArray.CreateBuilder<Authorization>();
        for (int count = 1 + chance.Below(4); count > 0; count--)
        {
            PrivateKey key = chance.Pick(keys);
            UInt256 chain = chance.Below(10) switch { < 5 => CommonState.ChainId, < 9 => UInt256.Zero, _ => UInt256.MaxValue };
            Address target = chance.Below(10) switch
            {
                < 6 => chance.Pick(places.Contracts),
                < 7 => Address.Zero,
                _ => Recipient(chance, places),
            };
            // The sender's nonce has risen before its own authorisation counts.
            ulong expected = key == keys[0] ? nonce + 1 : (ulong)chance.Below(2);
            ulong used = chance.Below(20) switch { < 17 => expected, < 19 => expected + 1, _ => ulong.MaxValue };
            Authorization signed = Authorization.Sign(chain, target, used, key);
            // A signature that fits something else is that of an account that is not there; none of these has its nonce.
            list.Add(chance.Below(20) switch
            {
                0 => signed with { R = UInt256.Zero },
                1 => signed with { S = ~signed.S },
                2 => signed with { YParity = (byte)(2 + chance.Below(254)) },
                3 when used < 3 => signed with { Nonce = used + 1 },
                _ => signed,
            });
        }

        return list.ToImmutable();
    }

    /// <summary>Steps over one limit, or onto it.</summary>
    private static UnsignedTransaction Break(UnsignedTransaction transaction, SeededRandom chance, IntrinsicGas intrinsic)
    {
        ulong least = Math.Max(intrinsic.Standard, intrinsic.Floor);
        ulong most = EvmRules.Osaka.TransactionGasMax!.Value;
        return chance.Below(9) switch
        {
            0 => transaction with { GasLimit = least - 1 },
            1 => transaction with { GasLimit = least },
            2 => transaction with { GasLimit = Math.Min(intrinsic.Standard, intrinsic.Floor) },
            3 => transaction with { MaxFeePerGas = CommonState.BaseFee - 1, MaxPriorityFeePerGas = UInt256.Zero },
            4 => transaction with { MaxPriorityFeePerGas = transaction.MaxFeePerGas + 1UL },
            5 when transaction.Nonce > 0 => transaction with { Nonce = transaction.Nonce - 1 },
            6 => transaction with { GasLimit = most },
            7 => transaction with { GasLimit = most + 1 },
            8 => transaction with { Authorizations = [] },
            _ => transaction with { ChainId = CommonState.ChainId + 1 },
        };
    }
}

using System.Diagnostics.CodeAnalysis;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>Coins that come back from the beacon chain (EIP-4895).</summary>
/// <param name="Index">Running number.</param>
/// <param name="ValidatorIndex">Whose they were.</param>
/// <param name="Address">Who gets them.</param>
/// <param name="AmountGwei">How many, in 10^9 base units.</param>
internal sealed record Withdrawal(ulong Index, ulong ValidatorIndex, Address Address, ulong AmountGwei)
{
    public UInt256 Amount => new UInt256(AmountGwei) * 1_000_000_000UL;

    public byte[] Encode()
    {
        RlpWriter writer = new();
        writer.BeginList();
        writer.WriteUlong(Index);
        writer.WriteUlong(ValidatorIndex);
        writer.WriteAddress(Address);
        writer.WriteUlong(AmountGwei);
        writer.EndList();
        return writer.ToArray();
    }

    public static bool TryRead(ref RlpReader outer, [NotNullWhen(true)] out Withdrawal? withdrawal)
    {
        withdrawal = null;
        if (!outer.TryReadList(out RlpReader reader) || !reader.TryReadUlong(out ulong index)
            || !reader.TryReadUlong(out ulong validator) || !reader.TryReadAddress(out Address address)
            || !reader.TryReadUlong(out ulong amount) || !reader.AtEnd) return false;
        withdrawal = new Withdrawal(index, validator, address, amount);
        return true;
    }
}

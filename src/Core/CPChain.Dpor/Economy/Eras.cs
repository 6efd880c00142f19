using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Block rewards by number (D11.1).</summary>
public static class Eras
{
    /// <summary>What an ordinary block of this number earns, base units; block 0 nothing.</summary>
    public static UInt256 RewardOf(DporParameters parameters, ulong number) => number == 0 || IndexOf(parameters, number) is not int index
        ? UInt256.Zero : parameters.Eras[index].Reward;

    /// <summary>Place of a number's era in the list, from 0; null behind the last era.</summary>
    public static int? IndexOf(DporParameters parameters, ulong number)
    {
        for (int i = 0; i < parameters.Eras.Length; i++)
        {
            if (number <= parameters.Eras[i].LastNumber)
                return i;
        }
        return null;
    }

    /// <summary>What blocks 1 to <paramref name="number"/> earn if none is impeached, base units.</summary>
    public static UInt256 SupplyThrough(DporParameters parameters, ulong number)
    {
        UInt256 supply = UInt256.Zero;
        ulong before = 0;
        foreach (Era era in parameters.Eras)
        {
            ulong last = Math.Min(era.LastNumber, number);
            if (last > before)
                supply += era.Reward * (last - before);
            before = Math.Max(before, last);
        }
        return supply;
    }
}

using System.Runtime.CompilerServices;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Where a sum of products finds its left factors.</summary>
internal interface IMultipliers
{
    static abstract V Load<V>(ref ulong row, int lane)
        where V : struct, ILaneVector<V>;
}

/// <summary>Every lane has a factor of its own.</summary>
internal readonly struct LaneByLane : IMultipliers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(ref ulong row, int lane)
        where V : struct, ILaneVector<V> => V.Load(ref Unsafe.Add(ref row, lane));
}

/// <summary>One lane's factor is that of all lanes.</summary>
internal readonly struct OneForAll : IMultipliers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(ref ulong row, int lane)
        where V : struct, ILaneVector<V> => V.All(row);
}

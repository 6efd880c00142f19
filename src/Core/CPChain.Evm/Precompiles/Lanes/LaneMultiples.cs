using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Each lane's point times a number of its own, by windows of four bits.</summary>
/// <remarks>Complete for points whose order is prime and above the numbers: what has been summed up is sixteen times something,
/// or nothing yet, and so never plus or minus the next entry of the table. See <see cref="LanePoints{E}"/> for other points.</remarks>
internal static class LaneMultiples<E>
    where E : struct, ILaneElement<E>
{
    private const int Window = 4;

    /// <summary>Multiples of affine points; z = 0 is infinity.</summary>
    internal static LanePoints<E> Of(in LanePoints<E> points, ReadOnlySpan<UInt128> scalars, int bits)
    {
        LanePoints<E>[] table = ArrayPool<LanePoints<E>>.Shared.Rent(1 << Window);
        try
        {
            Fill(table, points);
            return Sum(table, scalars, bits);
        }
        finally
        {
            ArrayPool<LanePoints<E>>.Shared.Return(table);
        }
    }

    private static void Fill(LanePoints<E>[] table, in LanePoints<E> points)
    {
        table[1] = points;
        for (int i = 2; i < 1 << Window; i++)
        {
            table[i] = (i & 1) == 0 ? table[i / 2].Double() : table[i - 1].AddAffine(points);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static LanePoints<E> Sum(LanePoints<E>[] table, ReadOnlySpan<UInt128> scalars, int bits)
    {
        LanePoints<E> sum = default;
        LanePoints<E> entry = default;
        Span<int> digits = stackalloc int[LaneKernel.Lanes];
        Span<bool> begun = stackalloc bool[LaneKernel.Lanes];
        begun.Clear();
        for (int low = (bits - 1) / Window * Window; low >= 0; low -= Window)
        {
            if (begun.Contains(true))
            {
                for (int i = 0; i < Window; i++) sum = sum.Double();
            }

            bool any = false;
            for (int lane = 0; lane < LaneKernel.Lanes; lane++)
            {
                digits[lane] = lane < scalars.Length ? (int)((scalars[lane] >> low) & ((1U << Window) - 1)) : 0;
                any |= digits[lane] != 0;
                CopyLane(ref table[digits[lane] == 0 ? 1 : digits[lane]], ref entry, lane);
            }

            if (!any) continue;
            LanePoints<E> next = sum.Add(entry);
            for (int lane = 0; lane < LaneKernel.Lanes; lane++)
            {
                if (digits[lane] == 0) CopyLane(ref sum, ref next, lane);
                else if (!begun[lane]) CopyLane(ref entry, ref next, lane);
                begun[lane] |= digits[lane] != 0;
            }

            sum = next;
        }

        return sum;
    }

    /// <summary>SAFETY: points are nothing but rows of eight lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyLane(ref LanePoints<E> from, ref LanePoints<E> to, int lane)
    {
        ref ulong source = ref Unsafe.As<LanePoints<E>, ulong>(ref from);
        ref ulong target = ref Unsafe.As<LanePoints<E>, ulong>(ref to);
        int words = Unsafe.SizeOf<LanePoints<E>>() / sizeof(ulong);
        for (int at = lane; at < words; at += LaneKernel.Lanes) Unsafe.Add(ref target, at) = Unsafe.Add(ref source, at);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CPChain.Evm.Precompiles.Lanes;

/// <content>Ten and fifteen limbs differ in length only.</content>
internal static partial class LaneKernel
{
    /// <summary>The sum for elements of 15 limbs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Sum15<V, TMultipliers>(
        ref ulong a, ReadOnlySpan<int> aOffsets, ref ulong b, ReadOnlySpan<int> bOffsets, LaneConstants field, ref ulong result)
        where V : struct, ILaneVector<V>
        where TMultipliers : struct, IMultipliers
    {
        ref ulong p = ref MemoryMarshal.GetArrayDataReference(field.PrimeRows);
        V zero = V.All(0);
        V mask = V.All(LaneConstants.LimbMask);
        V inverse = V.Load(ref MemoryMarshal.GetArrayDataReference(field.NegativeInverseRow));
        for (int lane = 0; lane < LaneKernel.Lanes; lane += V.Width)
        {
            V t0 = zero, t1 = zero, t2 = zero, t3 = zero, t4 = zero, t5 = zero, t6 = zero, t7 = zero, t8 = zero, t9 = zero, t10 = zero, t11 = zero, t12 = zero, t13 = zero, t14 = zero;
            for (int i = 0; i < 15; i++)
            {
                for (int s = 0; s < aOffsets.Length; s++)
                {
                    V x = TMultipliers.Load<V>(ref Unsafe.Add(ref a, aOffsets[s] + (i * LaneKernel.Lanes)), lane);
                    ref ulong y = ref Unsafe.Add(ref b, bOffsets[s] + lane);
                    t0 += V.Multiply(x, V.Load(ref y));
                    t1 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 8)));
                    t2 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 16)));
                    t3 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 24)));
                    t4 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 32)));
                    t5 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 40)));
                    t6 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 48)));
                    t7 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 56)));
                    t8 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 64)));
                    t9 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 72)));
                    t10 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 80)));
                    t11 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 88)));
                    t12 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 96)));
                    t13 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 104)));
                    t14 += V.Multiply(x, V.Load(ref Unsafe.Add(ref y, 112)));
                }

                V m = V.Multiply(t0, inverse) & mask;
                V carry = (t0 + V.Multiply(m, V.Load(ref p))) >>> LaneConstants.LimbBits;
                t0 = t1 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 8))) + carry;
                t1 = t2 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 16)));
                t2 = t3 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 24)));
                t3 = t4 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 32)));
                t4 = t5 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 40)));
                t5 = t6 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 48)));
                t6 = t7 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 56)));
                t7 = t8 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 64)));
                t8 = t9 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 72)));
                t9 = t10 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 80)));
                t10 = t11 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 88)));
                t11 = t12 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 96)));
                t12 = t13 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 104)));
                t13 = t14 + V.Multiply(m, V.Load(ref Unsafe.Add(ref p, 112)));
                t14 = zero;
            }

            ref ulong r = ref Unsafe.Add(ref result, lane);
            V.Store(t0 & mask, ref r);
            t1 += t0 >>> LaneConstants.LimbBits;
            V.Store(t1 & mask, ref Unsafe.Add(ref r, 8));
            t2 += t1 >>> LaneConstants.LimbBits;
            V.Store(t2 & mask, ref Unsafe.Add(ref r, 16));
            t3 += t2 >>> LaneConstants.LimbBits;
            V.Store(t3 & mask, ref Unsafe.Add(ref r, 24));
            t4 += t3 >>> LaneConstants.LimbBits;
            V.Store(t4 & mask, ref Unsafe.Add(ref r, 32));
            t5 += t4 >>> LaneConstants.LimbBits;
            V.Store(t5 & mask, ref Unsafe.Add(ref r, 40));
            t6 += t5 >>> LaneConstants.LimbBits;
            V.Store(t6 & mask, ref Unsafe.Add(ref r, 48));
            t7 += t6 >>> LaneConstants.LimbBits;
            V.Store(t7 & mask, ref Unsafe.Add(ref r, 56));
            t8 += t7 >>> LaneConstants.LimbBits;
            V.Store(t8 & mask, ref Unsafe.Add(ref r, 64));
            t9 += t8 >>> LaneConstants.LimbBits;
            V.Store(t9 & mask, ref Unsafe.Add(ref r, 72));
            t10 += t9 >>> LaneConstants.LimbBits;
            V.Store(t10 & mask, ref Unsafe.Add(ref r, 80));
            t11 += t10 >>> LaneConstants.LimbBits;
            V.Store(t11 & mask, ref Unsafe.Add(ref r, 88));
            t12 += t11 >>> LaneConstants.LimbBits;
            V.Store(t12 & mask, ref Unsafe.Add(ref r, 96));
            t13 += t12 >>> LaneConstants.LimbBits;
            V.Store(t13 & mask, ref Unsafe.Add(ref r, 104));
            t14 += t13 >>> LaneConstants.LimbBits;
            V.Store(t14, ref Unsafe.Add(ref r, 112));
        }
    }
}

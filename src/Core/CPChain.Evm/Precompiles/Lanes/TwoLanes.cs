using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>A quarter of the lanes: SSE2, AdvSimd, or what the runtime makes of it.</summary>
internal readonly struct TwoLanes(Vector128<ulong> value) : ILaneVector<TwoLanes>
{
    private readonly Vector128<ulong> _value = value;

    public static int Width => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes Load(ref ulong first) => new(Vector128.LoadUnsafe(ref first));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TwoLanes value, ref ulong first) => value._value.StoreUnsafe(ref first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes All(ulong number) => new(Vector128.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes Multiply(TwoLanes a, TwoLanes b)
    {
        if (Sse2.IsSupported) return new(Sse2.Multiply(a._value.AsUInt32(), b._value.AsUInt32()));
        if (AdvSimd.IsSupported)
        {
            return new(AdvSimd.MultiplyWideningLower(
                AdvSimd.ExtractNarrowingLower(a._value), AdvSimd.ExtractNarrowingLower(b._value)));
        }

        Vector128<ulong> low = Vector128.Create((ulong)uint.MaxValue);
        return new((a._value & low) * (b._value & low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes operator +(TwoLanes a, TwoLanes b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes operator &(TwoLanes a, TwoLanes b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes operator >>>(TwoLanes a, int bits) => new(a._value >>> bits);
}

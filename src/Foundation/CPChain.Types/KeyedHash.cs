using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace CPChain.Types;

/// <summary>
/// Hash codes for tables, under a key that each process draws: who chooses addresses, storage places or hashes cannot make them meet in one
/// place of a table. (System.HashCode draws a key too, but folds each 64-bit word to 32 bits before.)
/// </summary>
internal static class KeyedHash
{
    // The runtime hashes text under a random key of its own; what it makes of fixed texts is as random.
    private static readonly ulong s_k0 = Key("table 0"), s_k1 = Key("table 1"), s_k2 = Key("table 2"), s_k3 = Key("table 3"), s_k4 = Key("table 4");

    internal static int Of(ulong a, ulong b, ulong c)
    {
        ulong hash = Mix(Mix(a ^ s_k0, b ^ s_k1) ^ c ^ s_k2, s_k4);
        return unchecked((int)(hash ^ (hash >> 32)));
    }

    internal static int Of(ulong a, ulong b, ulong c, ulong d)
    {
        ulong hash = Mix(Mix(a ^ s_k0, b ^ s_k1) ^ Mix(c ^ s_k2, d ^ s_k3), s_k4);
        return unchecked((int)(hash ^ (hash >> 32)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong a, ulong b)
    {
        // Two multiplications beside each other take less time than one that leaves its lower half in memory.
        ulong high = Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);
        return high ^ unchecked(a * b);
    }

    // Odd, so that no product loses what it is multiplied with.
    private static ulong Key(string text) => unchecked(
        ((ulong)(uint)$"{text}, high".GetHashCode(StringComparison.Ordinal) << 32) | (uint)$"{text}, low".GetHashCode(StringComparison.Ordinal) | 1);
}

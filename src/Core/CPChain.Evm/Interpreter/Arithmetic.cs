using CPChain.Types;

namespace CPChain.Evm.Interpreter;

/// <summary>Division and its kin: rare enough to go through <see cref="UInt256"/>. Operands lie at a (top of stack) and
/// below it; the result replaces the lowest one.</summary>
internal static unsafe class Arithmetic
{
    internal static void Divide(ulong* a, ulong* b)
    {
        if (Limbs.IsZero(b)) return;
        Limbs.Set(b, Limbs.Get(a) / Limbs.Get(b));
    }

    internal static void Modulo(ulong* a, ulong* b)
    {
        if (Limbs.IsZero(b)) return;
        Limbs.Set(b, Limbs.Get(a) % Limbs.Get(b));
    }

    internal static void SignedDivide(ulong* a, ulong* b)
    {
        if (Limbs.IsZero(b)) return;
        UInt256 quotient = Absolute(a) / Absolute(b);
        Limbs.Set(b, IsNegative(a) != IsNegative(b) ? Negate(quotient) : quotient);
    }

    internal static void SignedModulo(ulong* a, ulong* b)
    {
        if (Limbs.IsZero(b)) return;
        UInt256 remainder = Absolute(a) % Absolute(b);
        Limbs.Set(b, IsNegative(a) ? Negate(remainder) : remainder);
    }

    internal static void AddModulo(ulong* a, ulong* b, ulong* modulus) =>
        Limbs.Set(modulus, UInt256.AddMod(Limbs.Get(a), Limbs.Get(b), Limbs.Get(modulus)));

    internal static void MultiplyModulo(ulong* a, ulong* b, ulong* modulus) =>
        Limbs.Set(modulus, UInt256.MulMod(Limbs.Get(a), Limbs.Get(b), Limbs.Get(modulus)));

    internal static void Exponentiate(ulong* value, ulong* exponent) =>
        Limbs.Set(exponent, UInt256.Exp(Limbs.Get(value), Limbs.Get(exponent)));

    private static bool IsNegative(ulong* word) => word[3] >> 63 != 0;

    private static UInt256 Absolute(ulong* word) => IsNegative(word) ? Negate(Limbs.Get(word)) : Limbs.Get(word);

    private static UInt256 Negate(in UInt256 value) => unchecked(UInt256.Zero - value);
}

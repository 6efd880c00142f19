namespace CPChain.Crypto.Lanes;

internal partial struct FieldLanes
{
    /// <summary>A root of a where it has one, a^((p + 1) / 4); of magnitude 1. Of magnitude 6 at most.</summary>
    internal static void SquareRoot(in FieldLanes a, ref FieldLanes root)
    {
        // (p + 1) / 4 in binary: 223 ones, a zero, 22 ones, four zeros, two ones, two zeros.
        Ones(a, out FieldLanes two, out FieldLanes twentyTwo, out root);
        SquareTimes(23, ref root);
        Multiply(root, twentyTwo, ref root);
        SquareTimes(6, ref root);
        Multiply(root, two, ref root);
        SquareTimes(2, ref root);
    }

    /// <summary>1 / a, a^(p - 2), zero for zero; of magnitude 1. Of magnitude 6 at most.</summary>
    internal static void Invert(in FieldLanes a, ref FieldLanes inverse)
    {
        // p - 2 in binary: 223 ones, a zero, 22 ones, four zeros, 101101.
        FieldLanes power = a;
        Ones(power, out FieldLanes two, out FieldLanes twentyTwo, out inverse);
        SquareTimes(23, ref inverse);
        Multiply(inverse, twentyTwo, ref inverse);
        SquareTimes(5, ref inverse);
        Multiply(inverse, power, ref inverse);
        SquareTimes(3, ref inverse);
        Multiply(inverse, two, ref inverse);
        SquareTimes(2, ref inverse);
        Multiply(inverse, power, ref inverse);
    }

    // a to the numbers of 2, 22 and 223 ones in binary.
    private static void Ones(in FieldLanes a, out FieldLanes two, out FieldLanes twentyTwo, out FieldLanes all)
    {
        two = Longer(a, 1, a);
        FieldLanes three = Longer(two, 1, a);
        FieldLanes nine = Longer(Longer(three, 3, three), 3, three);
        FieldLanes eleven = Longer(nine, 2, two);
        twentyTwo = Longer(eleven, 11, eleven);
        FieldLanes fortyFour = Longer(twentyTwo, 22, twentyTwo);
        FieldLanes eightyEight = Longer(fortyFour, 44, fortyFour);
        all = Longer(Longer(Longer(eightyEight, 88, eightyEight), 44, fortyFour), 3, three);
    }

    private static FieldLanes Longer(in FieldLanes ones, int by, in FieldLanes lower)
    {
        FieldLanes power = ones;
        SquareTimes(by, ref power);
        Multiply(power, lower, ref power);
        return power;
    }

    private static void SquareTimes(int times, ref FieldLanes power)
    {
        for (int i = 0; i < times; i++) Square(power, ref power);
    }
}

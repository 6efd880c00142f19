namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Some of the eight lanes as one register, so that the same sums run on processors of any width.</summary>
internal interface ILaneVector<V>
    where V : struct, ILaneVector<V>
{
    /// <summary>How many lanes one register has.</summary>
    static abstract int Width { get; }

    static abstract V Load(ref ulong first);

    static abstract void Store(V value, ref ulong first);

    /// <summary>The same number in every lane.</summary>
    static abstract V All(ulong number);

    /// <summary>Products of the lower 32 bits.</summary>
    static abstract V Multiply(V a, V b);

    static abstract V operator +(V a, V b);

    static abstract V operator &(V a, V b);

    static abstract V operator >>>(V a, int bits);
}

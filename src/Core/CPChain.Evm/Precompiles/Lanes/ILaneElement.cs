namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Eight elements of Fp or of Fp2, as formulas for points need them.</summary>
internal interface ILaneElement<E>
    where E : struct, ILaneElement<E>
{
    static abstract E operator +(in E a, in E b);

    /// <summary>A difference; what is taken away must be below 512 p.</summary>
    static abstract E operator -(in E a, in E b);

    /// <summary>A product; the right factor must be below 512 p.</summary>
    static abstract E operator *(in E a, in E b);

    /// <summary>A multiple by at most 16.</summary>
    static abstract E operator *(in E a, ulong factor);

    /// <summary>The same class below 4 p.</summary>
    E Reduced();
}

namespace CPChain.Evm.Precompiles.Fields;

/// <summary>An element of a finite field; the compiler specialises the curve arithmetic for each one.</summary>
internal interface IField<T>
    where T : struct, IField<T>
{
    static abstract T Zero { get; }

    static abstract T One { get; }

    bool IsZero { get; }

    static abstract T operator +(in T a, in T b);

    static abstract T operator -(in T a, in T b);

    static abstract T operator *(in T a, in T b);

    static abstract T operator -(in T a);

    static abstract bool operator ==(in T a, in T b);

    static abstract bool operator !=(in T a, in T b);

    static abstract T Square(in T a);

    /// <summary>The inverse; zero for zero.</summary>
    static abstract T Invert(in T a);
}

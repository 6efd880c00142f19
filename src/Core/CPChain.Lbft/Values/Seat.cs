namespace CPChain.Lbft.Values;

/// <summary>Place of a validator in the ordered set V(h) of one height, counted from 0.</summary>
public readonly record struct Seat(int Index) : IComparable<Seat>
{
    public int CompareTo(Seat other) => Index.CompareTo(other.Index);

    public static bool operator <(Seat left, Seat right) => left.Index < right.Index;

    public static bool operator >(Seat left, Seat right) => left.Index > right.Index;

    public static bool operator <=(Seat left, Seat right) => left.Index <= right.Index;

    public static bool operator >=(Seat left, Seat right) => left.Index >= right.Index;

    public override string ToString() => $"v{Index}";
}

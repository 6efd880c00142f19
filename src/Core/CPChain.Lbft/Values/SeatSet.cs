namespace CPChain.Lbft.Values;

/// <summary>A set of seats of one committee; a plain value, so states that hold it compare by content.</summary>
public readonly record struct SeatSet(UInt128 Bits)
{
    public const int Capacity = 128;

    public static SeatSet Empty => default;

    public int Count => (int)UInt128.PopCount(Bits);

    public bool IsEmpty => Bits == UInt128.Zero;

    /// <summary>All seats of a committee.</summary>
    public static SeatSet All(CommitteeSize size) => new((UInt128.One << size.Validators) - UInt128.One);

    public static SeatSet Of(Seat seat) => Empty.With(seat);

    public bool Contains(Seat seat) => (uint)seat.Index < Capacity && ((Bits >> seat.Index) & UInt128.One) != UInt128.Zero;

    // C# masks shift counts, so without the check seat 128 would silently be seat 0.
    public SeatSet With(Seat seat) => (uint)seat.Index < Capacity
        ? new SeatSet(Bits | (UInt128.One << seat.Index))
        : throw new ArgumentOutOfRangeException(nameof(seat), seat, "Seats are 0..127.");

    public SeatSet With(Seat? seat) => seat is { } some ? With(some) : this;

    public SeatSet Without(Seat seat) => (uint)seat.Index < Capacity
        ? new SeatSet(Bits & ~(UInt128.One << seat.Index))
        : this;

    public SeatSet Without(Seat? seat) => seat is { } some ? Without(some) : this;

    public SeatSet Union(SeatSet other) => new(Bits | other.Bits);

    public SeatSet Except(SeatSet other) => new(Bits & ~other.Bits);

    /// <summary>Seats in ascending order.</summary>
    public Enumerator GetEnumerator() => new(Bits);

    public override string ToString()
    {
        List<string> seats = [];
        foreach (Seat seat in this) seats.Add(seat.ToString());
        return "{" + string.Join(' ', seats) + "}";
    }

    /// <summary>Walks the seats of a set in ascending order without allocating.</summary>
    public struct Enumerator(UInt128 bits)
    {
        private UInt128 _rest = bits;

        public Seat Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest == UInt128.Zero) return false;

            int index = (int)UInt128.TrailingZeroCount(_rest);
            Current = new Seat(index);
            _rest &= ~(UInt128.One << index);
            return true;
        }
    }
}

namespace CPChain.Types;

/// <summary>The position of a block in the chain; genesis is 0.</summary>
public readonly record struct BlockNumber(ulong Value) : IComparable<BlockNumber>
{
    public static BlockNumber Genesis => default;

    public BlockNumber Next => new(Value + 1);

    /// <summary>The number before; genesis has none and throws <see cref="OverflowException"/>.</summary>
    public BlockNumber Previous => new(Value - 1);

    public int CompareTo(BlockNumber other) => Value.CompareTo(other.Value);

    public static bool operator <(BlockNumber left, BlockNumber right) => left.Value < right.Value;

    public static bool operator >(BlockNumber left, BlockNumber right) => left.Value > right.Value;

    public static bool operator <=(BlockNumber left, BlockNumber right) => left.Value <= right.Value;

    public static bool operator >=(BlockNumber left, BlockNumber right) => left.Value >= right.Value;

    public override string ToString() => $"#{Value}";
}

namespace CPChain.Lbft.Values;

/// <summary>An immutable array that compares by content, so that states and certificates holding it do too.</summary>
public readonly struct ValueArray<T> : IEquatable<ValueArray<T>>
{
    private readonly T[]? _items;

    private ValueArray(T[] items) => _items = items;

    public static ValueArray<T> Empty => default;

    public int Length => _items?.Length ?? 0;

    public bool IsEmpty => Length == 0;

    public T this[int index] => _items![index];

    public ReadOnlySpan<T> Span => _items;

    public static ValueArray<T> Of(params ReadOnlySpan<T> items) => items.IsEmpty ? default : new(items.ToArray());

    /// <summary>An array of one repeated value.</summary>
    public static ValueArray<T> Repeat(T value, int count)
    {
        T[] items = new T[count];
        Array.Fill(items, value);
        return new(items);
    }

    public ValueArray<T> With(int index, T value)
    {
        T[] items = (T[])_items!.Clone();
        items[index] = value;
        return new(items);
    }

    public ValueArray<T> Add(T value) => Insert(Length, value);

    public ValueArray<T> Insert(int index, T value)
    {
        T[] items = new T[Length + 1];
        Span[..index].CopyTo(items);
        items[index] = value;
        Span[index..].CopyTo(items.AsSpan(index + 1));
        return new(items);
    }

    public ReadOnlySpan<T>.Enumerator GetEnumerator() => Span.GetEnumerator();

    public bool Equals(ValueArray<T> other) => ReferenceEquals(_items, other._items) || Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is ValueArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (T item in Span) hash.Add(item);
        return hash.ToHashCode();
    }

    public static bool operator ==(ValueArray<T> left, ValueArray<T> right) => left.Equals(right);

    public static bool operator !=(ValueArray<T> left, ValueArray<T> right) => !left.Equals(right);
}

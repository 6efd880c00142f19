using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>The block whose state a question is about: a number or a name. Every block here is final.</summary>
public readonly record struct BlockTag
{
    private readonly string? _text;

    private BlockTag(string text, ulong? number = null) => (_text, Number) = (text, number);

    /// <summary>The number, where the tag is one.</summary>
    public ulong? Number { get; }

    /// <summary>The newest block.</summary>
    public static BlockTag Latest => new("latest");

    /// <summary>The newest block and what waits in the pool.</summary>
    public static BlockTag Pending => new("pending");

    /// <summary>The genesis block.</summary>
    public static BlockTag Earliest => new("earliest");

    public static implicit operator BlockTag(ulong number) => new(new UInt256(number).ToHexQuantity(), number);

    public static implicit operator BlockTag(BlockNumber number) => number.Value;

    public override string ToString() => _text ?? "latest";
}

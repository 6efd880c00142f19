using System.Numerics;

namespace CPChain.Trie.Nodes;

/// <summary>
/// Sixteen ways on and a value for the key that ends here; at least two of the seventeen are taken. Children of a branch that was
/// read stay in its RLP until somebody asks for them: an update touches one or two of sixteen.
/// </summary>
internal sealed class BranchNode : TrieNode
{
    public const int Width = 16;

    private const int AllOpened = (1 << Width) - 1;

    private readonly TrieNode?[] _children = new TrieNode?[Width];
    private readonly ReadOnlyMemory<byte> _read;
    private int _opened;

    /// <summary>A branch without children.</summary>
    public BranchNode() => _opened = AllOpened;

    /// <summary>A branch that was read, from its RLP, which the codec has checked.</summary>
    public BranchNode(ReadOnlyMemory<byte> read, byte[]? value)
    {
        _read = read;
        Value = value;
    }

    public byte[]? Value { get; set; }

    /// <summary>The child of one nibble, to be read and replaced.</summary>
    public ref TrieNode? this[int nibble]
    {
        get
        {
            if ((_opened & (1 << nibble)) == 0)
            {
                _children[nibble] = TrieNodeCodec.ReadChild(_read[ItemAt(nibble)]);
                _opened |= 1 << nibble;
            }

            return ref _children[nibble];
        }
    }

    /// <summary>Children that are there.</summary>
    public int Count
    {
        get
        {
            int taken = 0;
            for (int i = 0; i < Width; i++)
            {
                taken |= Has(i) ? 1 << i : 0;
            }

            return BitOperations.PopCount((uint)taken);
        }
    }

    public bool Has(int nibble) => (_opened & (1 << nibble)) != 0
        ? _children[nibble] is not null
        : _read.Span[ItemAt(nibble).Start.Value] != TrieNodeCodec.EmptyItem;

    /// <summary>The child where it was asked for before; only such a one can have changed.</summary>
    public TrieNode? Opened(int nibble) => _children[nibble];

    /// <summary>How the branch names a child: an item of its RLP. The child must not be dirty.</summary>
    public ReadOnlySpan<byte> ItemOf(int nibble) => (_opened & (1 << nibble)) == 0
        ? _read.Span[ItemAt(nibble)]
        : _children[nibble] is { } child ? child.Reference : TrieNodeCodec.EmptyItems;

    private Range ItemAt(int nibble)
    {
        ReadOnlySpan<byte> all = _read.Span;
        int at = TrieNodeCodec.ListHeaderBytes(all[0]);
        for (int i = 0; i < nibble; i++)
        {
            at += TrieNodeCodec.ChildItemBytes(all[at]);
        }

        return at..(at + TrieNodeCodec.ChildItemBytes(all[at]));
    }
}

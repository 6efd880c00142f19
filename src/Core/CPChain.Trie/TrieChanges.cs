using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Trie;

/// <summary>A stored node that came, changed or went.</summary>
/// <param name="Owner">Trie that it belongs to.</param>
/// <param name="Path">Where it lies, one nibble a byte.</param>
/// <param name="Node">Its RLP, or null when nothing is stored there any more.</param>
/// <param name="Hash">Keccak-256 of the RLP; zero when nothing is stored.</param>
public readonly record struct TrieNodeChange(
    Hash256 Owner, ReadOnlyMemory<byte> Path, ReadOnlyMemory<byte>? Node, Hash256 Hash = default);

/// <summary>What must be written so that a node source holds the new tries; each place at most once, in one order on every machine.</summary>
public sealed class TrieChanges
{
    private ImmutableArray<TrieNodeChange> _nodes;

    public TrieChanges(ImmutableArray<TrieNodeChange> nodes)
    {
        _nodes = nodes;
        Parts = [nodes];
    }

    private TrieChanges(IReadOnlyList<ImmutableArray<TrieNodeChange>> parts) => Parts = parts;

    /// <summary>No change.</summary>
    public static TrieChanges None { get; } = new(ImmutableArray<TrieNodeChange>.Empty);

    /// <summary>The nodes in some lists, one after the other: those of a large block take megabytes and are not copied into one list.</summary>
    public IReadOnlyList<ImmutableArray<TrieNodeChange>> Parts { get; }

    /// <summary>The nodes in one list.</summary>
    public ImmutableArray<TrieNodeChange> Nodes
    {
        get
        {
            if (_nodes.IsDefault)
            {
                ImmutableInterlocked.InterlockedInitialize(ref _nodes, [.. Parts.SelectMany(static part => part)]);
            }

            return _nodes;
        }
    }

    /// <summary>The changes of several tries, which must have different owners.</summary>
    public static TrieChanges Concat(IReadOnlyList<TrieChanges> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Count == 1 ? parts[0] : new TrieChanges([.. parts.SelectMany(static part => part.Parts)]);
    }
}

/// <summary>A change of one entry; a null value removes it. The key is used as it is (hash it first for a secure trie).</summary>
public readonly record struct TrieUpdate(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);

/// <summary>
/// Writes the value that the key of an update had in the trie before, and returns its length; 0 where it had none or that is not known. It
/// is only believed where a hash shows that it is so. Called by several threads at once where the node source has workers.
/// </summary>
/// <param name="update">Number of the update in the list that was given.</param>
/// <param name="room">Where it is written, with room for an account.</param>
public delegate int FormerValue(int update, Span<byte> room);

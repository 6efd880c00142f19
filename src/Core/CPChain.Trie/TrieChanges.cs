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
public sealed record TrieChanges(ImmutableArray<TrieNodeChange> Nodes)
{
    /// <summary>No change.</summary>
    public static TrieChanges None { get; } = new([]);

    /// <summary>The changes of several tries, which must have different owners.</summary>
    public static TrieChanges Concat(IReadOnlyList<TrieChanges> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 1)
        {
            return parts[0];
        }

        ImmutableArray<TrieNodeChange>.Builder all = ImmutableArray.CreateBuilder<TrieNodeChange>(parts.Sum(static part => part.Nodes.Length));
        foreach (TrieChanges part in parts)
        {
            all.AddRange(part.Nodes);
        }

        return new TrieChanges(all.MoveToImmutable());
    }
}

/// <summary>A change of one entry; a null value removes it. The key is used as it is (hash it first for a secure trie).</summary>
public readonly record struct TrieUpdate(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);

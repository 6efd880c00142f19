using System.Runtime.InteropServices;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Trie.Nodes;

/// <summary>Hashes the nodes of one level, which do not depend on each other, eight at a time.</summary>
internal sealed class LevelHashing
{
    // By the Keccak blocks that they take, the last class for all longer ones: lanes of like length finish together.
    private const int LengthClasses = 6;
    private const int RateBytes = 136;

    private readonly LengthClass[] _classes = [.. Enumerable.Range(0, LengthClasses).Select(static _ => new LengthClass([], []))];
    private Hash256[] _digests = [];

    /// <summary>Takes the RLP of a node, which the caller knows by a number.</summary>
    public void Add(int number, ReadOnlyMemory<byte> node)
    {
        LengthClass alike = _classes[Math.Min(node.Length / RateBytes, LengthClasses - 1)];
        alike.Numbers.Add(number);
        alike.Nodes.Add(node);
    }

    /// <summary>Gives each node its hash, and forgets all of them.</summary>
    public void Run(Action<int, Hash256> take)
    {
        foreach ((List<int> numbers, List<ReadOnlyMemory<byte>> nodes) in _classes)
        {
            if (_digests.Length < nodes.Count)
            {
                _digests = new Hash256[nodes.Count];
            }

            KeccakBatch.Hash(CollectionsMarshal.AsSpan(nodes), _digests);
            for (int i = 0; i < numbers.Count; i++)
            {
                take(numbers[i], _digests[i]);
            }

            numbers.Clear();
            nodes.Clear();
        }
    }

    private sealed record LengthClass(List<int> Numbers, List<ReadOnlyMemory<byte>> Nodes);
}

using CPChain.Evm;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>
/// The state after one final block, with what is needed to work out the next root. It never changes while it is read.
/// </summary>
public interface IStateView : IStateReader
{
    /// <summary>Root of the account trie.</summary>
    Hash256 StateRoot { get; }

    /// <summary>The trie nodes under <see cref="StateRoot"/>.</summary>
    ITrieNodeSource TrieNodes { get; }

    /// <summary>Hash of a final block, at least of the latest 256; zero where there is none (BLOCKHASH).</summary>
    Hash256 GetBlockHash(ulong number);
}

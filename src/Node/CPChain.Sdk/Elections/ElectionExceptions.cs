namespace CPChain.Sdk.Elections;

/// <summary>A term whose committee does not follow from the final blocks yet.</summary>
public sealed class TermNotDrawnException(ulong term, ulong checkpoint, ulong head)
    : ChainClientException($"The committee of term {term} is drawn at block {checkpoint}; the chain is at block {head}.")
{
    /// <summary>The block that draws it.</summary>
    public ulong Checkpoint { get; } = checkpoint;

    /// <summary>The newest block.</summary>
    public ulong Head { get; } = head;
}

/// <summary>The node does not keep a state that a proof needs: it prunes, and the block is too old.</summary>
public sealed class StateNotKeptException(Uri node, ulong block, string reason)
    : ChainClientException($"The node at {node} cannot prove the state of block {block}: {reason}")
{
    /// <summary>Whose state is wanted.</summary>
    public ulong Block { get; } = block;
}

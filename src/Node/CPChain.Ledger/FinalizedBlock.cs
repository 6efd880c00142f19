using System.Collections.Immutable;
using CPChain.Chain;

namespace CPChain.Ledger;

/// <summary>A block that is durable, with its receipts.</summary>
public sealed record FinalizedBlock(Block Block, ImmutableArray<Receipt> Receipts);

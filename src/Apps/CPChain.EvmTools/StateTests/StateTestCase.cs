using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.EvmTools.StateTests;

/// <summary>One transaction of a GeneralStateTests file under one fork, and what must come of it.</summary>
public sealed record StateTestCase
{
    /// <summary>File, test, fork and index.</summary>
    public required string Name { get; init; }

    /// <summary>Rule set of the fork.</summary>
    public required EvmRules Rules { get; init; }

    /// <summary>The chain.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>Blobs that one transaction may carry.</summary>
    public required int BlobsMax { get; init; }

    /// <summary>The block it runs in.</summary>
    public required BlockContext Block { get; init; }

    /// <summary>State before.</summary>
    public required ImmutableArray<GenesisAccount> Pre { get; init; }

    /// <summary>What the sender asks for; null where a field exceeds what any transaction can carry.</summary>
    public required UnsignedTransaction? Transaction { get; init; }

    /// <summary>The signed transaction; empty where the file has none.</summary>
    public required ReadOnlyMemory<byte> Encoded { get; init; }

    /// <summary>Who signed it.</summary>
    public required Address Sender { get; init; }

    /// <summary>Whether it must be refused.</summary>
    public required bool MustFail { get; init; }

    /// <summary>Root of the state after it.</summary>
    public required Hash256 StateRoot { get; init; }

    /// <summary>Keccak-256 of the RLP of its logs.</summary>
    public required Hash256 LogsHash { get; init; }
}

/// <summary>A case that cannot run here.</summary>
/// <param name="Name">File, test, fork and index.</param>
/// <param name="Reason">Why not.</param>
public sealed record SkippedCase(string Name, string Reason);

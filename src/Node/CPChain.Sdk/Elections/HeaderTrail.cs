using System.Collections.Immutable;
using CPChain.Dpor;
using CPChain.Sdk.Proofs;
using CPChain.Types;

namespace CPChain.Sdk.Elections;

/// <summary>
/// Headers in rising order, each believed by its certificate alone, and the validator set followed through them. The set changes between
/// terms only (D17), so the checkpoints are enough to follow it.
/// </summary>
internal sealed class HeaderTrail(ChainClient client, ChainTrust trust)
{
    // A header with its certificate has some kilobytes, an answer may have megabytes.
    private const int BatchMax = 50;

    /// <summary>What is trusted for the number after the last header.</summary>
    public ChainTrust Trust { get; private set; } = trust;

    /// <summary>Goes through the checkpoints up to that of a term; its header.</summary>
    /// <exception cref="ProofException">A header or a set is not proven.</exception>
    public async Task<ProvenHeader> ToCheckpointAsync(Terms terms, ulong term, CancellationToken cancel)
    {
        ulong first = terms.TermOf(Trust.FromBlock);
        ProvenHeader? last = null;
        for (ulong next = first; next <= term; next += BatchMax)
        {
            int count = (int)Math.Min(BatchMax, term - next + 1);
            ImmutableArray<ProvenHeader> batch = await ProveAsync(
                [.. Enumerable.Range(0, count).Select(i => terms.CheckpointOf(next + (ulong)i))], cancel).ConfigureAwait(false);
            last = batch[^1];
        }
        return last ?? throw new ProofException(ProofFault.WrongValidators, $"term {term} is older than the trusted validators");
    }

    /// <summary>All headers of the term behind <paramref name="before"/>, each the child of the one before it.</summary>
    /// <exception cref="ProofException">A header is not proven, or not the child.</exception>
    public async Task<ImmutableArray<ProvenHeader>> TermBehindAsync(ProvenHeader before, Terms terms, CancellationToken cancel)
    {
        ImmutableArray<ProvenHeader>.Builder headers = ImmutableArray.CreateBuilder<ProvenHeader>((int)terms.Length);
        for (ulong done = 0; done < terms.Length; done += BatchMax)
        {
            int count = (int)Math.Min(BatchMax, terms.Length - done);
            headers.AddRange(await ProveAsync(
                [.. Enumerable.Range(0, count).Select(i => before.Number + 1 + done + (ulong)i)], cancel).ConfigureAwait(false));
        }
        Hash256 parent = before.Hash;
        foreach (ProvenHeader header in headers)
        {
            if (header.Header.ParentHash != parent)
                throw new ProofException(ProofFault.WrongHeader, $"block {header.Number} is not the child of the block before it");
            parent = header.Hash;
        }
        return headers.ToImmutable();
    }

    private async Task<ImmutableArray<ProvenHeader>> ProveAsync(ImmutableArray<ulong> numbers, CancellationToken cancel)
    {
        IReadOnlyList<HeaderInfo?> said = await client.GetHeadersAsync(numbers, cancel).ConfigureAwait(false);
        ImmutableArray<ProvenHeader>.Builder proven = ImmutableArray.CreateBuilder<ProvenHeader>(numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            if (said[i] is not { } info) throw new BadAnswerException("cpc_getHeader", $"there is no block {numbers[i]}");
            ProofFault fault = ChainProofs.TryProveHeader(Trust, info.Header, info.Certificate, out ProvenHeader? header);
            if (fault != ProofFault.None)
                throw new ProofException(fault, $"the header of block {numbers[i]} is {VerifyingClient.Words(fault)}");
            if (header!.Number != numbers[i])
                throw new ProofException(ProofFault.WrongHeader, $"block {header.Number} came for block {numbers[i]}");
            Trust = Trust.After(header, info.NextValidators);
            proven.Add(header);
        }
        return proven.MoveToImmutable();
    }
}

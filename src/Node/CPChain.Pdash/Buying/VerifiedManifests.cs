using CPChain.Data.Blocks;
using CPChain.Data.Manifests;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Pdash.Buying;

/// <summary>The manifests of a purchase, each checked against the chain and against the one before it (DAT-16).</summary>
internal static class VerifiedManifests
{
    public static async Task<IReadOnlyList<Manifest>> FetchAsync(Participant self, Purchase purchase, CancellationToken cancel)
    {
        KeyRecord terms = purchase.Terms;
        MarketTerms listed = purchase.Listing.Terms;
        // Each manifest holds a bought block at least, so that no terms can make a buyer fetch without end.
        if (!IsBounded(terms, listed))
            throw new PdashException(PdashFault.Verification,
                $"The terms name {terms.Manifests.Count} manifests for {listed.LastSeq - listed.FirstSeq + 1} blocks.");
        RegisteredStream stream = await self.Registry.GetStreamAsync(terms.StreamId, default, cancel).ConfigureAwait(false);
        if (stream.Owner != purchase.Listing.Seller)
            throw new PdashException(PdashFault.Chain, $"Stream {terms.StreamId} belongs to {stream.Owner}, not to the seller.");
        List<Manifest> manifests = [];
        BlockHeader? previous = null;
        foreach (Hash256 hash in terms.Manifests)
        {
            byte[] bytes = await self.Storage.GetAsync(hash, cancel).ConfigureAwait(false)
                ?? throw new PdashException(PdashFault.Storage, $"No storage node has manifest {hash}.");
            ManifestFault fault = Manifest.TryDecode(bytes, out Manifest? manifest);
            if (fault == ManifestFault.None) fault = manifest!.Verify(previous);
            if (fault != ManifestFault.None) throw new PdashException(PdashFault.Verification, $"Manifest {hash} is refused: {fault}.");
            if (manifest!.LastSeq < listed.FirstSeq || manifest.FirstSeq > listed.LastSeq)
                throw new PdashException(PdashFault.Verification, $"Manifest {hash} holds none of the listed blocks.");
            AnchoredRecord? record = await self.Registry.GetRecordAsync(terms.StreamId, hash, default, cancel).ConfigureAwait(false);
            bool anchored = record is not null && manifest.StreamId == terms.StreamId
                && record.FirstSeq == manifest.FirstSeq && record.Count == (uint)manifest.Blocks.Count
                && manifest.Owner.Address == stream.Owner && manifest.Profile.Hash() == stream.ProfileHash;
            if (!anchored) throw new PdashException(PdashFault.Chain, $"The chain does not vouch for manifest {hash}.");
            manifests.Add(manifest);
            previous = manifest.Blocks[^1].Header;
        }
        return manifests;
    }

    /// <summary>Whether the terms name a manifest at least and no more of them than blocks are listed.</summary>
    public static bool IsBounded(KeyRecord terms, MarketTerms listed) =>
        terms.Manifests.Count > 0 && (ulong)(terms.Manifests.Count - 1) <= listed.LastSeq - listed.FirstSeq;
}

using System.IO;
using CPChain.Data.Manifests;
using CPChain.Types;

namespace CPChain.Pdash.Owner;

/// <summary>The manifests that an owner signed, on disk, in the order of their blocks.</summary>
internal sealed class OwnerBook
{
    private readonly string _directory;
    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, Manifest> _byHash = [];
    private readonly Dictionary<(Hash256 Stream, ulong Seq), Hash256> _signed = [];

    public OwnerBook(string directory)
    {
        _directory = directory;
        PrivateFiles.CreateDirectory(directory);
        foreach (string path in Directory.EnumerateFiles(directory, "*.manifest"))
            if (Manifest.TryDecode(File.ReadAllBytes(path), out Manifest? manifest) == ManifestFault.None) Keep(manifest!);
    }

    /// <summary>Keeps a manifest; false when another one with the same first block was signed and
    /// <paramref name="replaces"/> does not hold.</summary>
    public bool TryAdd(Manifest manifest, bool replaces)
    {
        Hash256 hash = manifest.ManifestHash();
        lock (_gate)
        {
            if (_signed.TryGetValue((manifest.StreamId, manifest.FirstSeq), out Hash256 before) && before != hash)
            {
                if (!replaces) return false;
                _byHash.Remove(before);
                File.Delete(PathOf(before));
            }
            PrivateFiles.Write(PathOf(hash), manifest.Encode());
            Keep(manifest);
            return true;
        }
    }

    public Manifest? Find(Hash256 hash)
    {
        lock (_gate) return _byHash.GetValueOrDefault(hash);
    }

    /// <summary>All manifests of a stream, in order.</summary>
    public IReadOnlyList<Manifest> Of(Hash256 streamId)
    {
        lock (_gate) return [.. _byHash.Values.Where(m => m.StreamId == streamId).OrderBy(m => m.FirstSeq)];
    }

    private string PathOf(in Hash256 hash) => Path.Combine(_directory, hash.ToString()[2..] + ".manifest");

    private void Keep(Manifest manifest)
    {
        Hash256 hash = manifest.ManifestHash();
        _byHash[hash] = manifest;
        _signed[(manifest.StreamId, manifest.FirstSeq)] = hash;
    }
}

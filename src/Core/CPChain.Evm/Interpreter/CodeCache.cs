using CPChain.Types;

namespace CPChain.Evm.Interpreter;

/// <summary>Images of the codes run last, by code hash, bounded in bytes: two generations, of which the older one is
/// dropped whole when the younger one is full.</summary>
internal sealed class CodeCache(EvmRules rules, int bytesMax)
{
    private const int RecentImages = 16;

    private readonly Recent[] _recent = new Recent[RecentImages];
    private Dictionary<Hash256, CodeImage> _young = [];
    private Dictionary<Hash256, CodeImage> _old = [];
    private int _youngBytes;

    internal CodeImage Get(in Hash256 codeHash, StateOverlay state)
    {
        ref Recent recent = ref _recent[(int)(codeHash.ToUInt256().U0 % RecentImages)];
        if (recent.Image is not null && recent.CodeHash == codeHash)
        {
            return recent.Image;
        }

        CodeImage image = Find(codeHash, state);
        recent = new Recent(codeHash, image);
        return image;
    }

    private CodeImage Find(in Hash256 codeHash, StateOverlay state)
    {
        if (_young.TryGetValue(codeHash, out CodeImage? image))
        {
            return image;
        }

        if (!_old.TryGetValue(codeHash, out image))
        {
            image = new CodeImage(state.GetCode(codeHash), rules);
            Invariant.Check(image.Length != 0, "the state has the code of each code hash in it");
        }

        MakeRoom(image.Footprint);
        _young.Add(codeHash, image);
        return image;
    }

    /// <summary>Counts what a cached image grew by.</summary>
    internal void MakeRoom(int bytes)
    {
        if (_youngBytes + bytes > bytesMax / 2)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
            _youngBytes = 0;
        }

        _youngBytes += bytes;
    }

    /// <summary>An image found a moment ago.</summary>
    private readonly record struct Recent(Hash256 CodeHash, CodeImage Image);
}

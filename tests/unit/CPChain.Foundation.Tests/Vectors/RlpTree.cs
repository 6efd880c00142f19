using CPChain.Types.Rlp;

namespace CPChain.Foundation.Tests.Vectors;

/// <summary>Walks every item below one item, as a decoder of unknown content would.</summary>
internal static class RlpTree
{
    private const int DepthMax = 64;

    public static bool TryWalk(ref RlpReader reader, out RlpError error, int depth = 0)
    {
        error = RlpError.TooLong;
        if (depth > DepthMax) return false;
        if (!reader.TryPeekIsList(out bool isList))
        {
            error = reader.Error;
            return false;
        }

        if (!isList)
        {
            bool read = reader.TryReadBytes(out _);
            error = reader.Error;
            return read;
        }

        if (!reader.TryReadList(out RlpReader inner))
        {
            error = reader.Error;
            return false;
        }

        while (!inner.AtEnd)
        {
            if (!TryWalk(ref inner, out error, depth + 1)) return false;
        }

        error = RlpError.None;
        return true;
    }
}

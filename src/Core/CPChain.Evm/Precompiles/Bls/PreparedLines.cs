using CPChain.Evm.Precompiles.Fields;
using CPChain.Evm.Precompiles.Lanes;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>All lines of a Miller loop over one point of the second group, for points that are always the same.</summary>
internal sealed class PreparedLines
{
    private readonly List<Octet<BlsLanes>> _lines = [];

    internal PreparedLines(in Point<Fp2<Fp381>> q)
    {
        MillerPair<BlsLanes> pair = MillerPair<BlsLanes>.From(BlsGenerators.G1, q);
        for (int bit = BlsPairing.TopBit; bit >= 0; bit--)
        {
            _lines.Add(pair.Double(BlsPairing.Twist3B));
            if (BlsPairing.Adds(bit)) _lines.Add(pair.Add());
        }
    }

    /// <summary>The lines in the order of the loop.</summary>
    internal Octet<BlsLanes> this[int index] => _lines[index];
}

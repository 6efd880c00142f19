using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Collects multiples of affine points, makes them eight at a time and adds them up. Multiples by which membership in
/// the group is told are made along with them.</summary>
/// <param name="bits">Length of the longest number.</param>
/// <param name="isMember">Whether a point is in the group, by its multiple.</param>
internal sealed class MultipleSum<E, T, TCodec>(int bits, Func<Point<T>, Point<T>, bool> isMember)
    where E : struct, ILaneElement<E>
    where T : unmanaged, IField<T>
    where TCodec : struct, ILaneCodec<E, T>
{
    private readonly List<Job> _jobs = [];

    private readonly record struct Job(T X, T Y, UInt128 Scalar, bool IsCheck);

    /// <summary>A term of the sum.</summary>
    internal void Add(in T x, in T y, UInt128 scalar)
    {
        if (scalar != 0) _jobs.Add(new(x, y, scalar, IsCheck: false));
    }

    /// <summary>A multiple that says whether the point is in the group.</summary>
    internal void Check(in T x, in T y, UInt128 scalar) => _jobs.Add(new(x, y, scalar, IsCheck: true));

    /// <summary>False if a point is not in the group; the sum means nothing then.</summary>
    internal bool TryRun(out Point<T> sum)
    {
        sum = Point<T>.Infinity;
        Span<T> x = stackalloc T[LaneKernel.Lanes];
        Span<T> y = stackalloc T[LaneKernel.Lanes];
        Span<T> z = stackalloc T[LaneKernel.Lanes];
        Span<UInt128> scalars = stackalloc UInt128[LaneKernel.Lanes];
        for (int at = 0; at < _jobs.Count; at += LaneKernel.Lanes)
        {
            int count = Math.Min(LaneKernel.Lanes, _jobs.Count - at);
            for (int i = 0; i < count; i++)
            {
                Job job = _jobs[at + i];
                (x[i], y[i], z[i], scalars[i]) = (job.X, job.Y, T.One, job.Scalar);
            }

            LanePoints<E> lanes = LaneMultiples<E>.Of(
                new(TCodec.Pack(x[..count]), TCodec.Pack(y[..count]), TCodec.Pack(z[..count])), scalars[..count], bits);
            TCodec.Unpack(lanes.X, x[..count]);
            TCodec.Unpack(lanes.Y, y[..count]);
            TCodec.Unpack(lanes.Z, z[..count]);
            for (int i = 0; i < count; i++)
            {
                Job job = _jobs[at + i];
                Point<T> multiple = new(x[i], y[i], z[i]);
                if (!job.IsCheck) sum += multiple;
                else if (!isMember(Point<T>.FromAffine(job.X, job.Y), multiple)) return false;
            }
        }

        return true;
    }
}

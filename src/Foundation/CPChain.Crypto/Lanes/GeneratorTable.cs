using System.Runtime.Intrinsics;
using CPChain.Types;

namespace CPChain.Crypto.Lanes;

/// <summary>d 2^(8 w) G for digits d of 1 to 128 and places w of 0 to 32, so that a multiple of G is a sum without doublings. 270 kB.</summary>
internal sealed class GeneratorTable
{
    private const int Multiples = 128;
    private const int Words = 8;
    private static readonly Lazy<GeneratorTable> s_shared = new(static () => new GeneratorTable());

    private readonly ulong[] _points = new ulong[SignedDigits.Count * Multiples * Words];

    private GeneratorTable()
    {
        for (int first = 0; first < SignedDigits.Count; first += FieldLanes.Lanes) Fill(first);
    }

    /// <summary>The one table, made by whoever needs it first; takes some milliseconds.</summary>
    internal static GeneratorTable Shared => s_shared.Value;

    /// <summary>Takes multiples by -128 to 128, anything for 0; of magnitudes 1 and 2.</summary>
    internal void Pick(int place, Vector512<long> digits, ref AffineLanes picked, ref CurveScratch s)
    {
        Span<ulong> rows = stackalloc ulong[Words * FieldLanes.Lanes];
        for (int lane = 0; lane < FieldLanes.Lanes; lane++)
        {
            int multiple = Math.Max(1, (int)Math.Abs(digits[lane]));
            ReadOnlySpan<ulong> point = _points.AsSpan(((place * Multiples) + multiple - 1) * Words, Words);
            for (int word = 0; word < Words; word++) rows[(word * FieldLanes.Lanes) + lane] = point[word];
        }

        picked.X.Load(rows[..FieldLanes.RowWords]);
        picked.Y.Load(rows[FieldLanes.RowWords..]);
        FieldLanes.Negate(picked.Y, 1, ref s.A);
        picked.Y.Take(Vector512.LessThan(digits, Vector512<long>.Zero).AsUInt64(), s.A);
    }

    // Eight places at once; lanes behind the last place repeat it.
    private void Fill(int firstPlace)
    {
        CurveScratch s = default;
        AffineLanes doubled = BasesOf(firstPlace);
        var multiples = new JacobianLanes[Multiples];
        JacobianLanes multiple = new() { X = doubled.X, Y = doubled.Y, Z = FieldLanes.Small(1) };
        for (int i = 0; i < Multiples; i++)
        {
            multiples[i] = multiple;
            if (i == 0) multiple.Double(ref s);
            else multiple.Add(doubled, Vector512<ulong>.AllBitsSet, ref s);
        }

        AffineLanes[] points = new AffineLanes[Multiples];
        LaneInversion.ToAffine(multiples, points);
        for (int i = 0; i < Multiples; i++)
        {
            for (int lane = 0; lane < FieldLanes.Lanes && firstPlace + lane < SignedDigits.Count; lane++)
            {
                Span<ulong> point = _points.AsSpan((((firstPlace + lane) * Multiples) + i) * Words, Words);
                Write(points[i].X.Number(lane), point);
                Write(points[i].Y.Number(lane), point[4..]);
            }
        }
    }

    private static AffineLanes BasesOf(int firstPlace)
    {
        Span<ulong> rows = stackalloc ulong[Words * FieldLanes.Lanes];
        for (int lane = 0; lane < FieldLanes.Lanes; lane++)
        {
            int place = Math.Min(firstPlace + lane, SignedDigits.Count - 1);
            UInt256 power = place < 32 ? UInt256.One << (8 * place) : unchecked(UInt256.Zero - Signature.GroupOrder);
            bool isScalar = Scalar.TryFromBytes32(power.ToBigEndian(), out Scalar scalar);
            Invariant.Check(isScalar, "2^256 less n is below n.");
            ReadOnlySpan<byte> point = Point.MultiplyGenerator(scalar).Coordinates.Span;
            FieldLanes.Put(UInt256.FromBigEndian(point[..32]), lane, rows);
            FieldLanes.Put(UInt256.FromBigEndian(point[32..]), lane, rows[FieldLanes.RowWords..]);
        }

        AffineLanes bases = default;
        bases.X.Load(rows[..FieldLanes.RowWords]);
        bases.Y.Load(rows[FieldLanes.RowWords..]);
        return bases;
    }

    private static void Write(in UInt256 number, Span<ulong> words)
    {
        words[0] = number.U0;
        words[1] = number.U1;
        words[2] = number.U2;
        words[3] = number.U3;
    }
}

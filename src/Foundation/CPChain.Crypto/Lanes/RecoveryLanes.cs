using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CPChain.Types;

namespace CPChain.Crypto.Lanes;

/// <summary>
/// The keys of up to 64 signatures, eight at a time: Q = (s R - z G) / r (SEC 1, 4.1.6). What formulas cannot tell apart is not found here,
/// nor is what has no key; the library has the last word on both.
/// </summary>
internal unsafe struct RecoveryLanes
{
    internal const int GroupsMax = 8;
    internal const int SignaturesMax = GroupsMax * FieldLanes.Lanes;

    private const int Alignment = 64;

    // -z / r by 8 bits; the halves of s / r by 4.
    private SignedDigits _generator, _first, _second;
    private CurveScratch _scratch;
    private AffineLanes _point, _picked;
    private MultiplesTable _table;
    private JacobianLanes _sum, _other;

    /// <summary>Finds keys.</summary>
    /// <param name="digests">What was signed.</param>
    /// <param name="signatures">Canonical ones, as many, 64 at most.</param>
    /// <param name="coordinates">Overwritten: x and y big-endian, 64 bytes each.</param>
    /// <returns>A bit for each whose key was found.</returns>
    internal static ulong Recover(ReadOnlySpan<Hash256> digests, ReadOnlySpan<Signature> signatures, Span<byte> coordinates)
    {
        int groups = (signatures.Length + FieldLanes.Lanes - 1) / FieldLanes.Lanes;
        nuint own = (nuint)sizeof(RecoveryLanes), each = (nuint)(sizeof(JacobianLanes) + sizeof(AffineLanes));
        var memory = (byte*)NativeMemory.AlignedAlloc(own + (GroupsMax * each), Alignment);
        try
        {
            ref RecoveryLanes lanes = ref *(RecoveryLanes*)memory;
            Span<JacobianLanes> keys = new(memory + own, groups);
            Span<AffineLanes> affine = new(memory + own + ((nuint)groups * (nuint)sizeof(JacobianLanes)), groups);
            Span<UInt256> inverses = stackalloc UInt256[signatures.Length];
            Span<UInt256> nonces = stackalloc UInt256[signatures.Length];
            for (int i = 0; i < signatures.Length; i++) nonces[i] = signatures[i].R;
            GroupOrder.InvertAll(nonces, inverses);
            ulong found = 0;
            for (int group = 0; group < groups; group++)
            {
                int at = group * FieldLanes.Lanes;
                int count = Math.Min(FieldLanes.Lanes, signatures.Length - at);
                Vector512<ulong> where = lanes.RecoverEight(
                    digests.Slice(at, count), signatures.Slice(at, count), inverses.Slice(at, count), ref keys[group]);
                found |= (where.ExtractMostSignificantBits() & ((1UL << count) - 1)) << at;
            }

            LaneInversion.ToAffine(keys, affine);
            for (int i = 0; i < signatures.Length; i++)
            {
                ref AffineLanes point = ref affine[i / FieldLanes.Lanes];
                Span<byte> key = coordinates.Slice(i * PublicKey.UncompressedLength, PublicKey.UncompressedLength);
                point.X.Number(i % FieldLanes.Lanes).WriteBigEndian(key[..32]);
                point.Y.Number(i % FieldLanes.Lanes).WriteBigEndian(key[32..]);
            }

            return found;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    // Where the key was found; elsewhere z is 1.
    private Vector512<ulong> RecoverEight(
        ReadOnlySpan<Hash256> digests, ReadOnlySpan<Signature> signatures, ReadOnlySpan<UInt256> inverses, ref JacobianLanes key)
    {
        Split(digests, signatures, inverses);
        Vector512<ulong> found = Lift(signatures);
        _table.Fill(_point, ref _sum, ref _scratch);
        _sum.Clear();
        for (int place = SignedDigits.Count - 1; place >= 0; place--)
        {
            if (_sum.IsEmpty != Vector512<ulong>.AllBitsSet)
            {
                for (int bit = 0; bit < 4; bit++) _sum.Double(ref _scratch);
            }

            Vector512<long> digits = _first.At(place);
            _table.Pick(digits, ref _picked, ref _scratch);
            _sum.Add(_picked, Where(digits), ref _scratch);
            digits = _second.At(place);
            _table.PickLambda(digits, ref _picked, ref _scratch);
            _sum.Add(_picked, Where(digits), ref _scratch);
        }

        FieldLanes.Multiply(_sum.Z, _table.Z, ref _sum.Z);
        GeneratorTable generator = GeneratorTable.Shared;
        _other.Clear();
        for (int place = 0; place < SignedDigits.Count; place++)
        {
            Vector512<long> digits = _generator.At(place);
            generator.Pick(place, digits, ref _picked, ref _scratch);
            _other.Add(_picked, Where(digits), ref _scratch);
        }

        _sum.Add(_other, ref _scratch);
        key = _sum;
        key.Z.Normalize();
        Vector512<ulong> without = key.Z.IsZero() | key.IsEmpty;
        key.Z.Take(without, FieldLanes.Small(1));
        return found & ~without;
    }

    private static Vector512<ulong> Where(Vector512<long> digits) => ~Vector512.Equals(digits, Vector512<long>.Zero).AsUInt64();

    // Lanes behind the last signature repeat the first.
    private void Split(ReadOnlySpan<Hash256> digests, ReadOnlySpan<Signature> signatures, ReadOnlySpan<UInt256> inverses)
    {
        for (int lane = 0; lane < FieldLanes.Lanes; lane++)
        {
            int i = lane < signatures.Length ? lane : 0;
            UInt256 z = GroupOrder.Reduce(digests[i].ToUInt256());
            _generator.Write(lane, GroupOrder.Negate(GroupOrder.Multiply(z, inverses[i])), isNegative: false, bits: 8);
            ScalarHalves halves = ScalarHalves.Of(GroupOrder.Multiply(signatures[i].S, inverses[i]));
            _first.Write(lane, halves.First, halves.IsFirstNegative, bits: 4);
            _second.Write(lane, halves.Second, halves.IsSecondNegative, bits: 4);
        }
    }

    // R = (r, y) with the signed parity of y; where r is no x of the curve, the answer has a zero.
    private Vector512<ulong> Lift(ReadOnlySpan<Signature> signatures)
    {
        Span<ulong> rows = stackalloc ulong[FieldLanes.RowWords];
        Span<ulong> odd = stackalloc ulong[FieldLanes.Lanes];
        for (int lane = 0; lane < FieldLanes.Lanes; lane++)
        {
            Signature signature = signatures[lane < signatures.Length ? lane : 0];
            FieldLanes.Put(signature.R, lane, rows);
            odd[lane] = signature.V == 0 ? 0 : ulong.MaxValue;
        }

        _point.X.Load(rows);
        FieldLanes.Square(_point.X, ref _scratch.A);
        FieldLanes.Multiply(_scratch.A, _point.X, ref _scratch.A);
        FieldLanes.Add(_scratch.A, FieldLanes.Small(7), ref _scratch.A); // 2
        FieldLanes.SquareRoot(_scratch.A, ref _point.Y);
        FieldLanes.Square(_point.Y, ref _scratch.B);
        FieldLanes.Subtract(_scratch.B, _scratch.A, 2, ref _scratch.B);
        _scratch.B.Normalize();
        _point.Y.Normalize();
        FieldLanes.Negate(_point.Y, 1, ref _scratch.A);
        _point.Y.Take(_point.Y.IsOdd() ^ Vector512.Create<ulong>(odd), _scratch.A);
        return _scratch.B.IsZero();
    }
}

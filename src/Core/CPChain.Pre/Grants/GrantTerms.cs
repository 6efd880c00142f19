using System.Text;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Pre.Grants;

/// <summary>
/// The conditions of a grant, signed into every fragment: for which label and intervals, when, for which order and
/// price (rule P10).
/// </summary>
/// <param name="Label">What the owner's key was derived for; at most 128 bytes in UTF-8.</param>
/// <param name="IntervalFirst">The first interval granted.</param>
/// <param name="IntervalLast">The last interval granted, not before the first.</param>
/// <param name="NotBeforeMs">Milliseconds since 1970 from when proxies serve.</param>
/// <param name="NotAfterMs">Milliseconds since 1970 until when proxies serve.</param>
/// <param name="OrderId">The order on the chain.</param>
/// <param name="Price">Base units.</param>
public sealed record GrantTerms(
    string Label,
    ulong IntervalFirst,
    ulong IntervalLast,
    ulong NotBeforeMs,
    ulong NotAfterMs,
    Hash256 OrderId,
    UInt256 Price)
{
    public const int LabelBytesMax = 128;

    // Throws on bytes that are no UTF-8, so that two encodings never read as one label.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether the ranges are not empty and the label is Unicode and fits.</summary>
    public bool IsWellFormed =>
        IntervalFirst <= IntervalLast
        && NotBeforeMs <= NotAfterMs
        && Label.Length <= LabelBytesMax
        && Encoding.UTF8.GetBytes(Label) is var bytes
        && bytes.Length <= LabelBytesMax
        && Encoding.UTF8.GetString(bytes) == Label;

    public bool IsActiveAt(ulong nowMs) => NotBeforeMs <= nowMs && nowMs <= NotAfterMs;

    internal void Write(RlpWriter writer)
    {
        writer.BeginList();
        writer.WriteBytes(StrictUtf8.GetBytes(Label));
        writer.WriteUlong(IntervalFirst);
        writer.WriteUlong(IntervalLast);
        writer.WriteUlong(NotBeforeMs);
        writer.WriteUlong(NotAfterMs);
        writer.WriteHash(OrderId);
        writer.WriteUInt256(Price);
        writer.EndList();
    }

    internal static bool TryRead(ref RlpReader reader, out GrantTerms? terms)
    {
        terms = null;
        if (!reader.TryReadList(out RlpReader fields)
            || !fields.TryReadBytes(out ReadOnlySpan<byte> label, LabelBytesMax)
            || !fields.TryReadUlong(out ulong first)
            || !fields.TryReadUlong(out ulong last)
            || !fields.TryReadUlong(out ulong notBefore)
            || !fields.TryReadUlong(out ulong notAfter)
            || !fields.TryReadHash(out Hash256 order)
            || !fields.TryReadUInt256(out UInt256 price)
            || !fields.AtEnd
            || !System.Text.Unicode.Utf8.IsValid(label)) return false;
        terms = new GrantTerms(StrictUtf8.GetString(label), first, last, notBefore, notAfter, order, price);
        return terms.IsWellFormed;
    }
}

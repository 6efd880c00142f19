namespace CPChain.Types;

/// <summary>Bytes as lower-case hexadecimal text after 0x.</summary>
public static class Hex
{
    public static string Encode(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Reads an even number of hexadecimal digits; the 0x in front may be missing.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        ReadOnlySpan<char> digits = Digits(text);
        bytes = [];
        if ((digits.Length & 1) != 0) return false;
        byte[] result = new byte[digits.Length / 2];
        if (!TryDecode(text, result)) return false;
        bytes = result;
        return true;
    }

    /// <summary>Reads exactly as many bytes as the destination holds.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        ReadOnlySpan<char> digits = Digits(text);
        if (digits.Length != (long)destination.Length * 2) return false;
        return Convert.FromHexString(digits, destination, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    /// <summary>As <see cref="TryDecode(ReadOnlySpan{char}, out byte[])"/>; throws <see cref="FormatException"/>.</summary>
    public static byte[] Decode(ReadOnlySpan<char> text) =>
        TryDecode(text, out byte[] bytes) ? bytes : throw new FormatException("Not an even number of hexadecimal digits.");

    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> text) =>
        text.Length >= 2 && text[0] == '0' && (text[1] is 'x' or 'X') ? text[2..] : text;
}

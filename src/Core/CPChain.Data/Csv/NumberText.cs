namespace CPChain.Data.Csv;

/// <summary>Recognises decimal numbers in cells.</summary>
public static class NumberText
{
    /// <summary>The cell without the bytes around a number that carry no digits: spaces, tabs and quotes.</summary>
    public static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> cell) => cell.Trim(" \t\""u8);

    /// <summary>Whether the text is an optionally signed decimal number with an optional exponent.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text)
    {
        int i = 0;
        if (i < text.Length && text[i] is (byte)'+' or (byte)'-') i++;
        int digits = Digits(text, ref i);
        if (i < text.Length && text[i] == '.')
        {
            i++;
            digits += Digits(text, ref i);
        }
        if (digits == 0) return false;
        if (i == text.Length) return true;
        if (text[i] is not ((byte)'e' or (byte)'E')) return false;
        i++;
        if (i < text.Length && text[i] is (byte)'+' or (byte)'-') i++;
        return Digits(text, ref i) > 0 && i == text.Length;
    }

    private static int Digits(ReadOnlySpan<byte> text, ref int at)
    {
        int start = at;
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9') at++;
        return at - start;
    }
}

using System.IO.Compression;
using CPChain.Data.Columns;
using CPChain.Data.Csv;
using FsCheck;
using FsCheck.Fluent;
using Utf8 = System.Text.Encoding;

namespace CPChain.Data.Tests;

public sealed class CodecTests(ITestOutputHelper output)
{
    [Fact]
    public void D2_every_data_set_comes_back_byte_for_byte()
    {
        foreach (string path in TestData.TimeSeries())
        {
            byte[] bytes = File.ReadAllBytes(path);
            Assert.True(CsvTable.TryRead(bytes, out CsvTable? table, out CsvFault? fault), $"{path}: {fault}");
            byte[] back = RoundTrip(table, 1000, quality: 5, out CodecTally tally);
            Assert.Equal(bytes, back);
            output.WriteLine($"{Path.GetFileName(path)} raw {bytes.Length} coded {tally.CodedBytes} zlib9 {Zlib9(bytes)} "
                + $"numbers {tally.NumberCells}/{tally.Cells}");
        }
    }

    [Fact]
    public void D2_5_the_samples_are_smaller_than_zlib_9_of_the_same_bytes_even_in_blocks()
    {
        foreach (string name in TestData.Samples)
        {
            byte[] bytes = TestData.Sample(name);
            Assert.True(CsvTable.TryRead(bytes, out CsvTable? table, out _));
            byte[] back = RoundTrip(table, 300, quality: 11, out CodecTally tally);
            Assert.Equal(bytes, back);
            output.WriteLine($"{name} raw {bytes.Length} blocks of 300 rows {tally.CodedBytes} zlib9 {Zlib9(bytes)}");
            Assert.True(tally.CodedBytes < Zlib9(bytes), $"{name}: {tally.CodedBytes}");
        }
    }

    [Fact]
    public void D2_6_at_least_95_percent_of_the_drive_is_coded_as_numbers()
    {
        Assert.True(CsvTable.TryRead(TestData.Sample("drive1.csv"), out CsvTable? table, out _));
        RoundTrip(table, 300, quality: 1, out CodecTally tally);
        Assert.True(tally.NumberCells >= 0.95 * tally.Cells, $"{tally.NumberCells} of {tally.Cells}");
    }

    [Theory]
    [InlineData("a,b\r\n1, 2\r\n3\n\r\n4,5,6,,\r\n7,8")]
    [InlineData("t;v\n0,5;1\n1,5;2\n")]
    [InlineData("\uFEFFt,v\n1,\"a,\n\"\"b\"\n2,\"open\n3,4\n")]
    [InlineData("t\tv\r1\t-0\r2\t+1\r3\t007\r4\t1e-05\r")]
    [InlineData("t,v\n1,99999999999999999999\n2,-9223372036854775808\n3,0.1234567890123456789\n4,.5\n5,5.\n6,NaN\n7,  1.50 \n")]
    [InlineData("t,v\n2024-02-29 00:00:00,1\n2023-02-29 00:00:00,2\n2024-02-29 24:00:00,3\n9999-12-31 23:59:59,4\n")]
    [InlineData("t,v\n1,1.0\n2,1.50\n3,1.500\n4,1.5E-7\n5,1e300\n6,-1e-300\n7,100000000000000000000000.0\n")]
    public void D1_every_odd_text_comes_back(string text)
    {
        byte[] bytes = Utf8.UTF8.GetBytes(text);
        Assert.True(CsvTable.TryRead(bytes, out CsvTable? table, out CsvFault? fault), fault?.ToString());
        Assert.Equal(bytes, RoundTrip(table, 2, 5, out _));
        Assert.Equal(bytes, RoundTrip(table, 1000, 5, out _));
    }

    [Fact]
    public void D2_any_rows_come_back_whatever_bytes_they_hold()
    {
        string[] cells = ["1", " 2.50", "-3.0", "", "x", "\"q\"\"q,\n\"", "\"", "1e5", "2024-01-02 03:04:05", "1/2/2024", "\r", "ÿ",
            "00012", "+7", "-0", "9.999999999999999e22", "12345678901234567890", "   4.5", "0.1", "1.0E-4"];
        Gen<string> rows = Gen.Elements(cells).ArrayOf(7).Select(r => string.Join(',', r)).ArrayOf(30)
            .SelectMany(r => Gen.Elements("\n", "\r\n").Select(e => string.Join(e, r)));
        Prop.ForAll(rows.ToArbitrary(), text =>
        {
            byte[] bytes = Utf8.Latin1.GetBytes(text);
            byte[] coded = BlockCodec.Encode("h,1\n"u8, bytes, new CsvDialect((byte)',', false), out _, 1);
            return BlockCodec.TryDecode(coded, bytes.Length + 4, out BlockContent? content, out _)
                && content!.Rows.AsSpan().SequenceEqual(bytes);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("0.03057773099354,1", true)]
    [InlineData("0.030577730993545854,1", true)]
    public void D2_3_long_decimals_are_numbers(string row, bool expected)
    {
        string text = string.Concat(Enumerable.Range(0, 20).Select(i => row + i + "\n"));
        BlockCodec.Encode(default, Utf8.UTF8.GetBytes(text), new CsvDialect((byte)',', false), out CodecTally tally, 1);
        Assert.Equal(expected, tally.Cells == tally.NumberCells);
    }

    [Fact]
    public void D2_2_float_styles_of_common_languages_are_exact()
    {
        string[] columns = ["1E-05,0.0001,123456789012345.6,1E+15", "1e-05,0.0001,1e+16,1.0", "1.0E-4,0.001,1.2345678E7,100.0",
            "1e-7,0.000001,1e+21,100", "1.234560e-05,1.000000e+00,-9.999990e+22,0.000000e+00"];
        foreach (string column in columns)
        {
            byte[] text = Utf8.UTF8.GetBytes(string.Concat(column.Split(',').Select(c => c + "\n")));
            BlockCodec.Encode(default, text, new CsvDialect((byte)',', false), out CodecTally tally, 1);
            Assert.Equal((column, 4L), (column, tally.NumberCells));
        }
    }

    [Fact]
    public void D2_7_hostile_content_is_refused_without_an_exception()
    {
        byte[] text = Utf8.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 200)
            .Select(i => $"{i}, {i * 0.25:F6},2024-01-02 03:04:{i % 60:D2},word{i % 7},{Math.Sqrt(i)}\r\n")));
        byte[] coded = BlockCodec.Encode("a,b,c,d,e\r\n"u8, text, new CsvDialect((byte)',', false), out _, 0);
        uint seed = 12345;
        for (int round = 0; round < 3000; round++)
        {
            byte[] bad = coded.ToArray();
            for (int flips = 0; flips < 1 + round % 4; flips++)
            {
                seed = unchecked(seed * 1664525 + 1013904223);
                bad[(int)(seed >> 8) % bad.Length] ^= (byte)(1 << (int)(seed >> 5) % 8);
            }
            BlockCodec.TryDecode(bad, 1 << 20, out _, out _);
            BlockCodec.TryDecode(bad.AsSpan(0, round % bad.Length), 1 << 20, out _, out _);
        }
    }

    [Fact]
    public void D2_7_a_bomb_and_an_unknown_version_are_named()
    {
        byte[] zeros = BlockCodec.EncodeText(default, new byte[50_000_000], 1, 5);
        Assert.True(zeros.Length < 1000);
        Assert.False(BlockCodec.TryDecode(zeros, 1 << 20, out _, out CodecFault fault));
        Assert.Equal(CodecFault.TooLarge, fault);
        zeros[0] = 9;
        Assert.False(BlockCodec.TryDecode(zeros, int.MaxValue / 4, out _, out fault));
        Assert.Equal(CodecFault.UnknownVersion, fault);
    }

    private static byte[] RoundTrip(CsvTable table, int rowsPerBlock, int quality, out CodecTally tally)
    {
        tally = default;
        using MemoryStream back = new();
        for (int r = 0; r < table.RowCount; r += rowsPerBlock)
        {
            int count = Math.Min(rowsPerBlock, table.RowCount - r);
            ReadOnlySpan<byte> header = r == 0 ? table.Header.Span : default;
            byte[] coded = BlockCodec.Encode(header, table.Rows(r, count).Span, table.Dialect, out CodecTally one, quality);
            Assert.True(BlockCodec.TryDecode(coded, 1 << 24, out BlockContent? content, out CodecFault fault), fault.ToString());
            Assert.Equal(count, content!.RowCount);
            back.Write(content.Header);
            back.Write(content.Rows);
            tally += one;
        }
        return back.ToArray();
    }

    private static long Zlib9(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize, leaveOpen: true)) zlib.Write(bytes);
        return packed.Length;
    }
}

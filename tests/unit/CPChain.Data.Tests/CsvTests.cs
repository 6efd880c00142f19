using CPChain.Data.Csv;
using Utf8 = System.Text.Encoding;

namespace CPChain.Data.Tests;

public sealed class CsvTests
{
    [Theory]
    [InlineData("", CsvFaultKind.Empty)]
    [InlineData("a,b\0c\n1,2\n", CsvFaultKind.Binary)]
    [InlineData("a,b\n", CsvFaultKind.NoRows)]
    [InlineData("name,town\nanne,york\nbob,bath\n", CsvFaultKind.NoNumericColumn)]
    public void D1_3_a_file_that_is_no_time_series_is_refused_with_a_fix(string text, CsvFaultKind kind)
    {
        Assert.False(CsvTable.TryRead(Utf8.Latin1.GetBytes(text), out _, out CsvFault? fault));
        Assert.Equal(kind, fault!.Kind);
        Assert.NotEmpty(fault.Fix);
    }

    [Fact]
    public void D1_3_a_row_that_no_block_can_hold_is_refused()
    {
        byte[] text = [.. "a,b\n1,"u8, .. Enumerable.Repeat((byte)'x', CsvTable.RowBytesMax), .. "\n2,3\n"u8];
        Assert.False(CsvTable.TryRead(text, out _, out CsvFault? fault));
        Assert.Equal(CsvFaultKind.RowTooLong, fault!.Kind);
    }

    [Fact]
    public void D1_1_header_and_rows_join_to_the_input()
    {
        byte[] text = "\"a \r\nb\", c ,\r\n1,2,\n3\r\n\r\n\"x\ny\",4,5,6"u8.ToArray();
        Assert.True(CsvTable.TryRead(text, out CsvTable? table, out _));
        Assert.Equal(4, table!.RowCount);
        Assert.Equal(["a \r\nb", "c", ""], table.ColumnNames);
        byte[] joined = [.. table.Header.Span, .. table.Rows(0, table.RowCount).Span];
        Assert.Equal(text, joined);
        Assert.Equal("\"x\ny\",4,5,6"u8.ToArray(), table.Row(3).ToArray());
    }

    [Fact]
    public void D1_1_the_samples_have_the_published_row_counts()
    {
        Assert.True(CsvTable.TryRead(TestData.Sample("drive1.csv"), out CsvTable? table, out _));
        Assert.Equal(2709, table!.RowCount);
        Assert.Equal(27, table.ColumnNames.Count);
    }
}

using System.IO.Compression;
using CPChain.Data.Columns;
using CPChain.Data.Csv;

namespace CPChain.App.Bench;

/// <summary>How small the codec makes readings, beside zlib at its best level.</summary>
internal sealed class CodecBenchmark : IBenchmark
{
    public string Name => "codec";

    public string About => "compressed size of the input against zlib-9 (raw bytes / compressed bytes)";

    public Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        (byte[] raw, CsvTable table, string origin) = BenchReadings.Load(input.DataFile);
        byte[] coded = BlockCodec.Encode(table.Header.Span, table.Rows(0, table.RowCount).Span, table.Dialect, out CodecTally tally);
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize, leaveOpen: true)) zlib.Write(raw);
        return Task.FromResult<IReadOnlyList<BenchResult>>(
        [
            new($"codec.ratio input={origin}", Round((double)raw.Length / coded.Length), "x", "zlib-9", Round((double)raw.Length / packed.Length), Machine.Text),
            new($"codec.numeric-cells input={origin}", Round(100.0 * tally.NumberCells / Math.Max(1, tally.Cells)), "%", null, null, Machine.Text),
        ]);
    }

    private static double Round(double value) => Math.Round(value, 2);
}

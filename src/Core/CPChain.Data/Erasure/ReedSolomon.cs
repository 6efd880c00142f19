namespace CPChain.Data.Erasure;

/// <summary>A systematic Reed–Solomon code: n shards of which any k give the data back (rule D5.1).</summary>
/// <remarks>Parity rows form a Cauchy matrix, so every k rows of the generator are independent.</remarks>
public sealed class ReedSolomon
{
    private readonly byte[][] _parity;

    /// <summary>Creates the code; 1 &lt;= k &lt;= n &lt;= 255.</summary>
    public ReedSolomon(int dataShards, int totalShards)
    {
        Types.Invariant.Check(IsValid(dataShards, totalShards), "1 <= k <= n <= 255");
        DataShards = dataShards;
        TotalShards = totalShards;
        _parity = new byte[totalShards - dataShards][];
        for (int r = 0; r < _parity.Length; r++)
        {
            _parity[r] = new byte[dataShards];
            for (int c = 0; c < dataShards; c++) _parity[r][c] = GaloisField.Inverse((byte)(dataShards + r ^ c));
        }
    }

    /// <summary>Shards that carry the data itself.</summary>
    public int DataShards { get; }

    /// <summary>All shards.</summary>
    public int TotalShards { get; }

    /// <summary>Whether such a code exists.</summary>
    public static bool IsValid(int dataShards, int totalShards) => dataShards >= 1 && dataShards <= totalShards && totalShards <= 255;

    /// <summary>Bytes of each shard for <paramref name="dataBytes"/> bytes.</summary>
    public int ShardBytes(int dataBytes) => (int)(((long)dataBytes + DataShards - 1) / DataShards);

    /// <summary>Cuts the data into k shards (the last one padded with zeros) and adds n - k parity shards.</summary>
    public byte[][] Encode(ReadOnlySpan<byte> data)
    {
        int length = ShardBytes(data.Length);
        byte[][] shards = new byte[TotalShards][];
        for (int i = 0; i < TotalShards; i++) shards[i] = new byte[length];
        for (int i = 0; i < DataShards; i++)
        {
            int start = Math.Min(data.Length, i * length);
            data[start..Math.Min(data.Length, start + length)].CopyTo(shards[i]);
        }
        for (int r = 0; r < _parity.Length; r++)
            for (int c = 0; c < DataShards; c++)
                GaloisField.MultiplyAdd(_parity[r][c], shards[c], shards[DataShards + r]);
        return shards;
    }

    /// <summary>Joins the data from any k shards; null stands for a lost one. False when there are too few or they
    /// differ in length.</summary>
    public bool TryDecode(IReadOnlyList<byte[]?> shards, int dataBytes, out byte[] data)
    {
        data = [];
        int length = ShardBytes(dataBytes);
        if (shards.Count != TotalShards) return false;
        int[] have = [.. Enumerable.Range(0, TotalShards).Where(i => shards[i] is { } s && s.Length == length).Take(DataShards)];
        if (have.Length < DataShards) return false;
        byte[][] inverse = Invert([.. have.Select(Row)]);
        byte[] padded = new byte[length * DataShards];
        for (int i = 0; i < DataShards; i++)
        {
            Span<byte> target = padded.AsSpan(i * length, length);
            if (shards[i] is { } intact && intact.Length == length) intact.CopyTo(target);
            else
                for (int j = 0; j < DataShards; j++) GaloisField.MultiplyAdd(inverse[i][j], shards[have[j]], target);
        }
        data = padded[..dataBytes];
        return true;
    }

    private byte[] Row(int shard)
    {
        if (shard >= DataShards) return _parity[shard - DataShards].ToArray();
        byte[] unit = new byte[DataShards];
        unit[shard] = 1;
        return unit;
    }

    /// <summary>Gauss–Jordan elimination; the rows are independent by construction.</summary>
    private static byte[][] Invert(byte[][] rows)
    {
        int n = rows.Length;
        byte[][] inverse = new byte[n][];
        for (int i = 0; i < n; i++)
        {
            inverse[i] = new byte[n];
            inverse[i][i] = 1;
        }
        for (int c = 0; c < n; c++)
        {
            int pivot = c;
            while (rows[pivot][c] == 0) pivot++;
            (rows[c], rows[pivot]) = (rows[pivot], rows[c]);
            (inverse[c], inverse[pivot]) = (inverse[pivot], inverse[c]);
            byte scale = GaloisField.Inverse(rows[c][c]);
            for (int j = 0; j < n; j++)
            {
                rows[c][j] = GaloisField.Multiply(rows[c][j], scale);
                inverse[c][j] = GaloisField.Multiply(inverse[c][j], scale);
            }
            for (int r = 0; r < n; r++)
            {
                byte factor = rows[r][c];
                if (r == c || factor == 0) continue;
                GaloisField.MultiplyAddScalar(factor, rows[c], rows[r]);
                GaloisField.MultiplyAddScalar(factor, inverse[c], inverse[r]);
            }
        }
        return inverse;
    }
}

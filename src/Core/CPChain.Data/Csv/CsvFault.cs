namespace CPChain.Data.Csv;

/// <summary>Why a file is not taken as a CSV of time series.</summary>
public enum CsvFaultKind : byte
{
    /// <summary>The file has no byte.</summary>
    Empty = 1,

    /// <summary>The file holds NUL or too many control bytes to be text.</summary>
    Binary = 2,

    /// <summary>There is no row below the header.</summary>
    NoRows = 3,

    /// <summary>No column holds numbers in most of its cells.</summary>
    NoNumericColumn = 4,

    /// <summary>The file is longer than <see cref="CsvTable.BytesMax"/>.</summary>
    TooLarge = 5,

    /// <summary>The named time column is not in the header.</summary>
    TimeColumnMissing = 6,

    /// <summary>The named time column holds no time that can be read.</summary>
    TimeColumnUnreadable = 7,

    /// <summary>A row is longer than <see cref="CsvTable.RowBytesMax"/>.</summary>
    RowTooLong = 8,
}

/// <summary>A refusal of a CSV file: what is wrong, in one sentence, and what to do.</summary>
public sealed record CsvFault(CsvFaultKind Kind, string Message, string Fix)
{
    /// <summary>Message and fix on one line.</summary>
    public override string ToString() => $"{Message} {Fix}";
}

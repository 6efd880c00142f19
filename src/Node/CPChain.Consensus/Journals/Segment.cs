using CPChain.Storage.Sectors;

namespace CPChain.Consensus.Journals;

/// <summary>What one file of a journal holds: its header, frames of rising sequence, then older or empty sectors.</summary>
internal sealed class Segment
{
    internal const long FirstSector = 1;

    private readonly byte[] bytes;
    private readonly byte[] salt;

    private Segment(byte[] bytes, byte[] salt)
    {
        this.bytes = bytes;
        this.salt = salt;
    }

    internal bool IsEmpty => EndSector == FirstSector;
    internal ulong First { get; private set; }
    internal ulong Last { get; private set; }

    /// <summary>First sector behind the last intact frame.</summary>
    internal long EndSector { get; private set; } = FirstSector;

    /// <summary>A frame begins at the end but is not intact.</summary>
    internal bool EndsTorn { get; private set; }

    /// <summary>Highest sequence of any intact frame behind the end; 0 for none.</summary>
    internal ulong Stray { get; private set; }

    internal static Segment Scan(SectorFile file, byte[] salt)
    {
        Segment segment = new(file.ReadAll(), salt);
        segment.ScanFrames();
        segment.ScanRest();
        return segment;
    }

    internal void Replay(RecordHandler replay)
    {
        long sector = FirstSector;
        while (sector < EndSector && SectorFrame.TryRead(At(sector), salt, out _, out ReadOnlySpan<byte> body))
        {
            sector += SectorsOf(body);
            while (SectorFrame.TryTakeRecord(ref body, out ReadOnlySpan<byte> record))
            {
                replay(record);
            }
        }
    }

    private void ScanFrames()
    {
        while (EndSector * SectorFile.SectorBytes < bytes.Length)
        {
            ReadOnlySpan<byte> here = At(EndSector);
            if (!SectorFrame.TryRead(here, salt, out ulong sequence, out ReadOnlySpan<byte> body))
            {
                EndsTorn = SectorFrame.Looks(here);
                return;
            }
            if (!IsEmpty && sequence != Last + 1)
            {
                return;
            }
            First = IsEmpty ? sequence : First;
            Last = sequence;
            EndSector += SectorsOf(body);
        }
    }

    private void ScanRest()
    {
        for (long sector = EndSector; sector * SectorFile.SectorBytes < bytes.Length; sector++)
        {
            if (SectorFrame.TryRead(At(sector), salt, out ulong sequence, out _))
            {
                Stray = Math.Max(Stray, sequence);
            }
        }
    }

    private ReadOnlySpan<byte> At(long sector) => bytes.AsSpan((int)(sector * SectorFile.SectorBytes));

    private static long SectorsOf(ReadOnlySpan<byte> body) =>
        (SectorFrame.HeaderBytes + body.Length + SectorFile.SectorBytes - 1) / SectorFile.SectorBytes;
}

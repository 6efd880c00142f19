using System.Runtime.InteropServices;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>Processor time from the kernel's clocks, in nanoseconds: on a shared machine the only time that says what
/// work cost.</summary>
public static partial class CpuClock
{
    private const int ThreadClock = 3;
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>Seconds of the calling thread.</summary>
    public static double OfThread() => Read(ThreadClock);

    /// <summary>Seconds of all threads of a process.</summary>
    public static double OfProcess(int process) =>
        GetCpuClockId(process, out int clock) == 0 ? Read(clock) : throw new IOException($"process {process} has no clock");

    private static double Read(int clock) => GetTime(clock, out TimeSpec time) == 0
        ? time.Seconds + (time.Nanoseconds / NanosecondsPerSecond)
        : throw new IOException("the kernel's clock cannot be read");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int GetCpuClockId(int process, out int clock);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}

using System.Globalization;

namespace CPChain.App.Terminal;

/// <summary>A bar for a search whose end only chance knows: how many tries there were, beside how many it takes on average.</summary>
internal sealed class TriesBar(string what, double expected, bool quiet)
{
    private const int Width = 24;
    private const long EveryMs = 100;

    // On a terminal alone: in a file the same line again and again says nothing.
    private readonly bool isShown = !quiet && !Console.IsErrorRedirected;
    private long drawnAt;

    /// <summary>Redraws now and then; from any thread.</summary>
    public void Tried(long tries)
    {
        long now = Environment.TickCount64, last = Interlocked.Read(ref drawnAt);
        if (!isShown || now - last < EveryMs || Interlocked.CompareExchange(ref drawnAt, now, last) != last) return;
        // The chance to have succeeded by now, so that the bar slows down and never lies beyond its end.
        int full = (int)(Width * (1 - Math.Exp(-tries / expected)));
        Console.Error.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"\r{what}: [{new string('#', full)}{new string('.', Width - full)}] {tries:N0} tries, {expected:N0} on average "));
    }

    /// <summary>Leaves a clean line.</summary>
    public void Done()
    {
        if (isShown && drawnAt != 0) Console.Error.Write($"\r{new string(' ', 79)}\r");
    }
}

using System.Runtime.InteropServices;
using System.Text;

namespace CPChain.EndToEnd;

/// <summary>Processes of this machine that carry a marker in their environment.</summary>
internal static partial class ProcessTable
{
    /// <summary>Name of the environment variable that children inherit.</summary>
    public const string MarkerName = "CPCHAIN_E2E_RUN";

    private const int Kill9 = 9;

    public static string NewMarker() => Guid.NewGuid().ToString("N");

    /// <summary>Ids of the living processes with this marker, parents and children alike.</summary>
    public static IReadOnlyList<int> With(string marker)
    {
        byte[] wanted = Encoding.ASCII.GetBytes($"{MarkerName}={marker}");
        List<int> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out int id) && Read(folder, "environ").AsSpan().IndexOf(wanted) >= 0) found.Add(id);
        }

        return found;
    }

    /// <summary>Arguments of the processes with this marker, as anybody on the machine can read them.</summary>
    public static string ArgumentsOf(string marker) => string.Join(
        '\n', With(marker).Select(id => Encoding.UTF8.GetString(Read($"/proc/{id}", "cmdline")).Replace('\0', ' ')));

    /// <summary>SIGKILL for all of them at once; returns when none is left, those that were just being started included.</summary>
    public static async Task KillAllAsync(string marker)
    {
        for (IReadOnlyList<int> ids = With(marker); ids.Count > 0; ids = With(marker))
        {
            foreach (int id in ids) _ = Signal(id, Kill9);
            await Task.Delay(20);
        }
    }

    // A process that has ended but is not waited for yet has an empty environment.
    private static byte[] Read(string folder, string name)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, name));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int id, int signal);
}

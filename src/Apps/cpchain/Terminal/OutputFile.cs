namespace CPChain.App.Terminal;

/// <summary>A file that a long run will write: whether it can is asked before the run, not after.</summary>
internal static class OutputFile
{
    /// <summary>Leaves what is there as it is. Throws <see cref="CommandFault"/> where nothing can be written.</summary>
    /// <param name="path">As the person gave it.</param>
    public static void RequireWritable(string path)
    {
        bool isNew = !File.Exists(path);
        try
        {
            using (File.Open(path, FileMode.OpenOrCreate, FileAccess.Write))
            {
            }
            if (isNew) File.Delete(path);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"{path} cannot be written: {refusal.Message}", "name a file in a folder that is there and yours.");
        }
    }
}

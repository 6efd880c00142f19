namespace CPChain.App.Proposing;

/// <summary>
/// The file in an identity's folder that says "renew the claim": `campaign start --keep` makes it, and ends when it is gone; `campaign stop`
/// takes it away.
/// </summary>
internal sealed class KeepFile(string folder)
{
    private const string Name = "campaign.keep";

    private string FilePath => Path.Combine(folder, Name);

    public bool IsThere => File.Exists(FilePath);

    public void Make() => File.WriteAllText(FilePath, "");

    /// <summary>Whether there was one.</summary>
    public bool Remove()
    {
        bool wasThere = IsThere;
        File.Delete(FilePath);
        return wasThere;
    }
}

namespace CPChain.App;

/// <summary>Name and version of this program.</summary>
public static class ProgramVersion
{
    public static string Text { get; } = $"cpchain/{typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "0"}";
}

namespace CPChain.Crypto;

/// <summary>A system library is not installed; the message names the package that has it and the command.</summary>
public sealed class NativeLibraryMissingException(string library, string package)
    : Exception($"The system library {library} is missing. Install it with: apt-get install {package}")
{
    public string Library { get; } = library;

    /// <summary>The Debian package that holds the library.</summary>
    public string Package { get; } = package;
}

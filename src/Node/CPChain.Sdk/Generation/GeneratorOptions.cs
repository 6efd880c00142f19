namespace CPChain.Sdk.Generation;

/// <summary>What a generated contract is called and has.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="ClassName">Its class.</param>
public sealed record GeneratorOptions(string Namespace, string ClassName)
{
    /// <summary>Whether the compiler's bytecode goes in, so that the contract can be deployed without another file.</summary>
    public bool HasBytecode { get; init; } = true;
}

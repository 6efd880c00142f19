namespace CPChain.Sdk.Abi;

/// <summary>A value that is a struct of a contract: it gives its members in their order.</summary>
public interface IAbiTuple
{
    object[] ToAbi();
}

/// <summary>Conversions that generated code needs.</summary>
public static class AbiValue
{
    /// <summary>A decoded array as a list of C# values.</summary>
    public static IReadOnlyList<T> List<T>(object array, Func<object, T> convert) =>
        Array.ConvertAll((object[])array, item => convert(item));
}

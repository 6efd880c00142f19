using System.Text.Json;

namespace CPChain.Rpc.Protocol;

/// <summary>The requests that came together, for a method that does better when it looks at all of them at once.</summary>
internal sealed class RpcBatch(JsonElement requests)
{
    private object? _shared;

    /// <summary>What a method has made of all its requests; made by the first of them. One method alone shares something.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="make">Makes it from the parameters of each request of the batch, in order; without a value where it is another method's.</param>
    public T Shared<T>(string method, Func<JsonElement[], T> make)
        where T : class
    {
        if (_shared is null)
        {
            JsonElement[] parameters = new JsonElement[requests.GetArrayLength()];
            int place = 0;
            foreach (JsonElement request in requests.EnumerateArray())
            {
                if (request.ValueKind == JsonValueKind.Object && request.TryGetProperty("method", out JsonElement name)
                    && name.ValueKind == JsonValueKind.String && name.ValueEquals(method)
                    && request.TryGetProperty("params", out JsonElement its))
                    parameters[place] = its;
                place++;
            }

            _shared = make(parameters);
        }

        return (T)_shared;
    }
}

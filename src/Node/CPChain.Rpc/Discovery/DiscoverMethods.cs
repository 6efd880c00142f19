using System.Text.Json;
using CPChain.Rpc.Protocol;

namespace CPChain.Rpc.Discovery;

/// <summary>rpc.discover: the OpenRPC document of the methods that this node answers, made from the table that dispatches them.</summary>
internal static class DiscoverMethods
{
    private const string OpenRpcVersion = "1.3.2";

    public static void Add(MethodTable table, RpcNode node) =>
        table.Add("rpc.discover", _ => RpcAnswer.Of(json => Write(json, table, node)));

    private static void Write(Utf8JsonWriter json, MethodTable table, RpcNode node)
    {
        using JsonDocument components = MethodCatalogue.Components();
        json.WriteStartObject();
        json.WriteString("openrpc", OpenRpcVersion);
        json.WriteStartObject("info");
        json.WriteString("title", "CPChain JSON-RPC");
        json.WriteString("version", node.ClientVersion);
        json.WriteEndObject();
        json.WriteStartArray("methods");
        foreach (string name in table.Names) Write(json, table.DescriptionOf(name), components.RootElement.GetProperty("errors"));
        json.WriteEndArray();
        json.WriteStartObject("components");
        json.WritePropertyName("schemas");
        components.RootElement.GetProperty("schemas").WriteTo(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MethodDescription method, JsonElement errors)
    {
        json.WriteStartObject();
        json.WriteString("name", method.Name);
        json.WriteString("summary", method.Summary);
        json.WriteString("paramStructure", "by-position");
        json.WriteStartArray("params");
        foreach (ParameterDescription parameter in method.Parameters)
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            json.WriteBoolean("required", parameter.IsRequired);
            WriteSchema(json, parameter.Schema);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("result");
        json.WriteString("name", "result");
        WriteSchema(json, method.Result);
        json.WriteEndObject();
        json.WriteStartArray("errors");
        foreach (string error in method.Errors) errors.GetProperty(error).WriteTo(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject("schema");
        json.WriteString("$ref", $"#/components/schemas/{name}");
        json.WriteEndObject();
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Dpor.Tests;

/// <summary>D3 in a genesis: text and hash.</summary>
public sealed class DporJsonTests
{
    [Fact]
    public void Numbers_come_back_and_print_alike()
    {
        foreach (DporParameters parameters in (DporParameters[])[DporParameters.Main, DporParameters.Short])
        {
            string text = DporJson.Print(parameters);
            Assert.True(DporJson.TryParse(text, out DporParameters? read, out _));
            Assert.Equal(text, DporJson.Print(read));
            Assert.Equal(Encode(parameters), Encode(read));
        }
    }

    [Fact]
    public void Each_number_of_the_text_changes_the_bytes_of_the_rules()
    {
        HashSet<string> encodings = [Hex.Encode(Encode(DporParameters.Short))];
        int changed = 0;
        foreach (string path in Leaves(JsonNode.Parse(DporJson.Print(DporParameters.Short))!))
        {
            JsonNode root = JsonNode.Parse(DporJson.Print(DporParameters.Short))!;
            Bump(root, path);
            // A sum that must be 100 or 1000 does not survive a change of one part: then the text is refused, which is as good.
            if (!DporJson.TryParse(root.ToJsonString(), out DporParameters? read, out (string Field, string Reason) fault))
            {
                Assert.StartsWith(fault.Field.Split('[')[0], path, StringComparison.Ordinal);
                continue;
            }
            changed++;
            Assert.True(encodings.Add(Hex.Encode(Encode(read))), path);
        }
        Assert.InRange(changed, 25, 60);
    }

    [Theory]
    [InlineData("\"seats\": 4", "\"seats\": 0", "seats")]
    [InlineData("\"seats\": 4", "\"seats\": 4.5", "seats")]
    [InlineData("\"seats\": 4", "\"seats\": null", "seats")]
    [InlineData("\"seats\": 4", "\"sits\": 4", "sits")]
    [InlineData("\"proxy\": 10", "\"proxy\": 11", "weights")]
    [InlineData("\"rnodeDeposit\": \"20", "\"rnodeDeposit\": \"-20", "rnodeDeposit")]
    [InlineData("\"rnodeDeposit\": \"20", "\"rnodeDeposit\": \"1e3", "rnodeDeposit")]
    [InlineData("\"lastNumber\": 100", "\"lastNumber\": 0", "eras[0]")]
    [InlineData("\"reward\": \"1265", "\"reward\": \"x", "eras[0].reward")]
    public void A_bad_field_is_named(string good, string bad, string field)
    {
        string text = DporJson.Print(DporParameters.Short);
        Assert.Contains(good, text, StringComparison.Ordinal);
        string wrong = text.Replace(good, bad, StringComparison.Ordinal);
        Assert.False(DporJson.TryParse(wrong, out _, out (string Field, string Reason) fault));
        Assert.Equal(field, fault.Field);
        Assert.NotEmpty(fault.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"seats\": 4, \"seats\": 4}")]
    public void What_is_no_such_object_is_refused(string text)
    {
        Assert.False(DporJson.TryParse(text, out _, out (string Field, string Reason) fault));
        Assert.NotEmpty(fault.Reason);
    }

    [Fact]
    public void A_text_beyond_the_bound_is_refused() =>
        Assert.False(DporJson.TryParse(new string(' ', DporJson.CharactersMax + 1), out _, out _));

    private static byte[] Encode(DporParameters parameters)
    {
        RlpWriter writer = new();
        DporEncoding.WriteTo(writer, parameters);
        return writer.ToArray();
    }

    private static IEnumerable<string> Leaves(JsonNode node, string path = "") => node switch
    {
        JsonObject all => all.SelectMany(pair => Leaves(pair.Value!, path.Length == 0 ? pair.Key : $"{path}.{pair.Key}")),
        JsonArray all => all.SelectMany((item, i) => Leaves(item!, $"{path}[{i}]")),
        _ => [path],
    };

    private static void Bump(JsonNode root, string path)
    {
        string[] steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        JsonNode at = root;
        foreach (string step in steps[..^1])
            at = step.StartsWith('[') ? at[int.Parse(step.Trim('[', ']'), CultureInfo.InvariantCulture)]! : at[step]!;
        JsonNode leaf = at[steps[^1]]!;
        if (leaf.GetValueKind() == JsonValueKind.String)
            at[steps[^1]] = (UInt256.Parse(leaf.GetValue<string>()) + UInt256.One).ToString();
        else
            at[steps[^1]] = leaf.GetValue<long>() + 1;
    }
}

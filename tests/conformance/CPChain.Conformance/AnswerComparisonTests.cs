using System.Text;
using CPChain.RpcCompat.Cases;

namespace CPChain.Conformance;

/// <summary>The judge of `rpc-compat`: what it lets pass and what it does not.</summary>
public sealed class AnswerComparisonTests
{
    [Theory]
    [InlineData("""{"a":"0x1","b":[1,null]}""", """{"b":[1,null],"a":"0x1"}""", null)]
    [InlineData("""{"a":"0x1"}""", """{"a":"0x2"}""", "result.a")]
    [InlineData("""{"a":"0x1"}""", """{"a":"0x1","b":null}""", "result has b")]
    [InlineData("""{"a":"0x1","b":null}""", """{"a":"0x1"}""", "result lacks b")]
    [InlineData("""["0x1","0x2"]""", """["0x1"]""", "result has 1 items")]
    [InlineData("""{"a":[{"b":true}]}""", """{"a":[{"b":false}]}""", "result.a[0].b")]
    [InlineData("0.5", "0.25", "result")]
    [InlineData("null", "false", "result")]
    public void Values_must_be_equal(string expected, string actual, string? difference) =>
        Check(Result(expected), Result(actual), isShapeOnly: false, difference);

    [Theory]
    [InlineData("""{"a":"0x1","b":["0x1"]}""", """{"a":"0xff","b":[]}""", null)]
    [InlineData("""{"a":"0x1"}""", """{"a":"one"}""", "result.a")]
    [InlineData("""{"a":"0x1"}""", """{"c":"0x1"}""", "result lacks a")]
    [InlineData("""{"0x11":{"n":"0x1"}}""", """{"0x22":{"n":"0x5"},"0x33":{"n":"0x6"}}""", null)]
    [InlineData("""{"0x11":{"n":"0x1"}}""", """{"0x22":{"m":"0x5"}}""", "result.0x22 lacks n")]
    public void Shapes_must_be_equal(string expected, string actual, string? difference) =>
        Check(Result(expected), Result(actual), isShapeOnly: true, difference);

    [Theory]
    [InlineData("""{"code":3,"message":"x","data":"0x1"}""", """{"code":3,"message":"y","data":"0x1"}""", null)]
    [InlineData("""{"code":3,"message":"x","data":"0x1"}""", """{"code":3,"message":"x","data":"0x2"}""", "error.data")]
    [InlineData("""{"code":3,"message":"x","data":"0x1"}""", """{"code":3,"message":"x"}""", "error.data is missing")]
    [InlineData("""{"code":-32602,"message":"x"}""", """{"code":-32000,"message":"x"}""", "error.code")]
    public void Errors_must_have_code_and_data(string expected, string actual, string? difference)
    {
        Check(Error(expected), Error(actual), isShapeOnly: false, difference);
        Check(Error(expected), Error(actual), isShapeOnly: true, difference);
    }

    [Fact]
    public void An_error_is_no_result_and_a_result_no_error()
    {
        Check(Error("""{"code":3,"message":"x"}"""), Result("null"), isShapeOnly: true, "an answer where error 3");
        Check(Result("null"), Error("""{"code":3,"message":"x"}"""), isShapeOnly: true, "error {");
    }

    [Fact]
    public void A_case_is_read_with_its_comments()
    {
        IoCase one = Read("// says\n// speconly: shape\n>> {\"id\":1}\n<< {\"id\":1,\"result\":1}\n>> {\"id\":2}\n<< {\"id\":2,\"result\":2}\n");
        Assert.Equal(("eth_call/a-case", "eth_call", true, 2), (one.Name, one.Method, one.IsShapeOnly, one.Exchanges.Count));
    }

    [Theory]
    [InlineData(">> {}\n")]
    [InlineData("<< {}\n")]
    [InlineData(">> {}\n<< {\n")]
    [InlineData("something\n")]
    [InlineData(">> {}\n<< {}\n")]
    [InlineData(">> {}\n<< {\"error\":{}}\n")]
    public void A_file_that_is_no_case_is_refused(string content) => Assert.Throws<FormatException>(() => Read(content));

    [Fact]
    public void Every_listed_failure_has_a_reason() =>
        Assert.DoesNotContain(ExpectedFailures.Listed, static one => one.Value.Length < 20);

    private static IoCase Read(string content) => IoCase.Read("tests/eth_call/a-case.io", Encoding.UTF8.GetBytes(content));

    private static void Check(string expected, string actual, bool isShapeOnly, string? difference)
    {
        string? found = AnswerComparison.Difference(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(actual), isShapeOnly);
        if (difference is null) Assert.Null(found);
        else Assert.StartsWith(difference, found, StringComparison.Ordinal);
    }

    private static string Result(string json) => $$"""{"jsonrpc":"2.0","id":1,"result":{{json}}}""";

    private static string Error(string json) => $$"""{"jsonrpc":"2.0","id":1,"error":{{json}}}""";
}

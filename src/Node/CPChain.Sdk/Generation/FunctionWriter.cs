using CPChain.Sdk.Abi;

namespace CPChain.Sdk.Generation;

/// <summary>Parameters of a generated method: theirs first, then ours under names that are left.</summary>
internal sealed class MethodParameters
{
    private readonly CSharpNames _names = new([]);

    public MethodParameters(CSharpTypes types, IReadOnlyList<AbiParameter> inputs, string owner)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            string name = _names.TakeParameter(CSharpNames.Camel(inputs[i].Name, $"arg{i + 1}"));
            Arguments.Add(name);
            Declarations.Add($"{types.NameOf(inputs[i], owner + CSharpNames.Pascal(inputs[i].Name, $"Arg{i + 1}"))} {name}");
        }
    }

    /// <summary>The names of the contract's parameters.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>Types and names of the contract's parameters.</summary>
    public List<string> Declarations { get; } = [];

    /// <summary>The arguments as a list of objects.</summary>
    public string List => Arguments.Count == 0 ? "[]" : $"[{string.Join(", ", Arguments)}]";

    /// <summary>A name for a parameter or variable of our own.</summary>
    public string Own(string name) => _names.TakeParameter(name);
}

/// <summary>Methods of functions: reads, transactions, and trials of transactions that return something.</summary>
internal sealed class FunctionWriter(CodeText code, CSharpTypes types)
{
    private static readonly string[] s_ofTuples =
        ["ToString", "Equals", "GetHashCode", "GetType", "CompareTo", "Rest", "Deconstruct"];

    private readonly HashSet<string> _shapes = new(StringComparer.Ordinal);

    public void Write(IReadOnlyList<AbiFunction> functions)
    {
        CSharpNames fields = new([]);
        foreach (AbiFunction function in functions)
        {
            string name = CSharpNames.Pascal(function.Name, "Call");
            string field = fields.Take("s_" + CSharpNames.Camel(function.Name, "call"));
            code.Line();
            code.Line($"private static readonly AbiFunction {field} = Abi.Function(\"{function.Signature}\");");
            if (function.IsView) WriteRead(function, Method("", name, function), field, isTrial: false);
            else
            {
                WriteSend(function, Method("", name, function), field);
                if (function.Outputs.Count > 0) WriteRead(function, Method("Simulate", name, function), field, isTrial: true);
            }
        }
    }

    /// <summary>Overloads whose C# types are the same have the ABI's types in their names.</summary>
    private string Method(string prefix, string name, AbiFunction function)
    {
        MethodParameters parameters = new(types, function.Inputs, name);
        string Shape(string method) =>
            $"{method}({string.Join(',', parameters.Declarations.Select(d => d[..d.LastIndexOf(' ')]))})";
        string wanted = $"{prefix}{name}Async";
        if (_shapes.Add(Shape(wanted))) return wanted;
        string suffix = string.Concat(function.Inputs.Select(i => CSharpNames.Pascal(
            i.Type.Name.Replace("[]", "Array", StringComparison.Ordinal).Replace('[', '_').Replace(']', '_')
                .Replace('(', '_').Replace(')', '_').Replace(',', '_'), "None")));
        wanted = $"{prefix}{name}{suffix}Async";
        for (int i = 2; !_shapes.Add(Shape(wanted)); i++) wanted = $"{prefix}{name}{suffix}{i}Async";
        return wanted;
    }

    private void WriteRead(AbiFunction function, string method, string field, bool isTrial)
    {
        string owner = CSharpNames.Pascal(function.Name, "Call");
        MethodParameters p = new(types, function.Inputs, owner);
        string block = p.Own("block"), cancel = p.Own("cancel"), output = p.Own("output");
        List<string> parameters = [.. p.Declarations];
        string who = "null", value = "default";
        if (isTrial)
        {
            who = p.Own("caller");
            parameters.Insert(0, $"Address {who}");
            if (function.IsPayable) parameters.Add($"UInt256 {value = p.Own("payment")}");
        }
        parameters.Add($"BlockTag {block} = default");
        parameters.Add($"CancellationToken {cancel} = default");
        code.Line();
        code.Line(isTrial
            ? $"/// <summary>What <c>{function.Signature}</c> would return now; nothing is sent.</summary>"
            : $"/// <summary><c>{function.Signature}</c></summary>");
        (string returns, IReadOnlyList<string> conversions) = Returned(function, owner, output);
        string call = $"await Contract.CallAsync({field}, {p.List}, {block}, {who}, {value}, {cancel}).ConfigureAwait(false);";
        code.Call($"public async Task{returns} {method}", parameters, "");
        code.Line("{");
        code.Line(conversions.Count == 0 ? call : $"object[] {output} = {call}");
        if (conversions.Count == 1) code.Line($"return {conversions[0]};");
        else if (conversions.Count > 1) code.Call("return ", conversions, ";");
        code.Line("}");
    }

    private (string Returns, IReadOnlyList<string> Conversions) Returned(AbiFunction function, string owner, string output)
    {
        IReadOnlyList<AbiParameter> outputs = function.Outputs;
        string Fallback(int i) => owner + CSharpNames.Pascal(outputs[i].Name, outputs.Count == 1 ? "Result" : $"Result{i + 1}");
        string[] conversions = [.. outputs.Select((o, i) => types.Convert(o, Fallback(i), $"{output}[{i}]"))];
        if (outputs.Count == 0) return ("", conversions);
        if (outputs.Count == 1) return ($"<{types.NameOf(outputs[0], Fallback(0))}>", conversions);
        // Members of a tuple that would hide its own cannot be named so.
        CSharpNames names = new([.. s_ofTuples, .. Enumerable.Range(1, 99).Select(i => $"Item{i}")]);
        string members = string.Join(", ", outputs.Select((o, i) =>
            $"{types.NameOf(o, Fallback(i))} {names.Take(CSharpNames.Pascal(o.Name, $"Value{i + 1}"))}"));
        return ($"<({members})>", conversions);
    }

    private void WriteSend(AbiFunction function, string method, string field)
    {
        MethodParameters p = new(types, function.Inputs, CSharpNames.Pascal(function.Name, "Call"));
        string sender = p.Own("sender"), options = p.Own("options"), cancel = p.Own("cancel"), value = "default";
        List<string> parameters = [$"AccountSender {sender}", .. p.Declarations];
        if (function.IsPayable) parameters.Add($"UInt256 {value = p.Own("payment")}");
        parameters.Add($"SendOptions? {options} = null");
        parameters.Add($"CancellationToken {cancel} = default");
        code.Line();
        code.Line($"/// <summary>Sends <c>{function.Signature}</c>{(function.IsPayable ? " with coins" : "")}.</summary>");
        code.Call($"public Task<PendingTransaction> {method}", parameters, " =>");
        code.Deeper($"Contract.SendAsync({sender}, {field}, {p.List}, {value}, {options}, {cancel});");
    }
}

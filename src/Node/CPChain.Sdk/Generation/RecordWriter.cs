using CPChain.Sdk.Abi;

namespace CPChain.Sdk.Generation;

/// <summary>Records of structs, events and errors: their members' names.</summary>
internal static class RecordWriter
{
    private static readonly string[] s_taken =
    [
        "Abi", "Clone", "Deconstruct", "Definition", "EqualityContract", "Equals", "Finalize", "FromValues", "GetHashCode",
        "GetType", "MemberwiseClone", "PrintMembers", "ReferenceEquals", "ToAbi", "ToString", "Wishes",
    ];

    /// <summary>Names of members that do not hide anything in a record of this name.</summary>
    public static string[] MembersOf(string record, IReadOnlyList<AbiParameter> parameters)
    {
        // A member may have the name of a type, as Address does: what reads values stands outside the records.
        CSharpNames names = new([record, .. s_taken]);
        return [.. parameters.Select((p, i) => names.Take(CSharpNames.Pascal(p.Name, $"Value{i + 1}")))];
    }
}

/// <summary>Records of structs, the inner ones too.</summary>
internal static class StructWriter
{
    public static void Write(CodeText code, CSharpTypes types)
    {
        // Writing one may find others.
        for (int i = 0; i < types.Structs.Count; i++)
        {
            StructType made = types.Structs[i];
            string[] names = RecordWriter.MembersOf(made.Name, made.Members);
            string Fallback(int m) => made.Name + CSharpNames.Pascal(made.Members[m].Name, $"Value{m + 1}");
            code.Line();
            code.Line(made.SolidityName.Length > 0
                ? $"/// <summary>The struct <c>{made.SolidityName}</c>.</summary>"
                : $"/// <summary>A struct without a name: <c>{AbiType.Tuple(made.Members).Name}</c>.</summary>");
            code.Call($"public sealed record {made.Name}",
                [.. made.Members.Select((m, at) => $"{types.NameOf(m, Fallback(at))} {names[at]}")], " : IAbiTuple");
            code.Line("{");
            code.Line($"object[] IAbiTuple.ToAbi() => [{string.Join(", ", names)}];");
            code.Line("}");
            code.Line();
            code.Line($"private static {made.Name} {made.Reader}(object value)");
            code.Line("{");
            code.Line("object[] items = (object[])value;");
            code.Call($"return new {made.Name}", [.. made.Members.Select((m, at) => types.Convert(m, Fallback(at), $"items[{at}]"))], ";");
            code.Line("}");
        }
    }
}

/// <summary>Records of events with their filters, and the properties to look for them.</summary>
internal sealed class EventWriter(CodeText code, CSharpTypes types, CSharpNames members)
{
    public void Write(IReadOnlyList<AbiEvent> events)
    {
        foreach (AbiEvent item in events)
        {
            string name = CSharpNames.Pascal(item.Name, "Unnamed");
            string record = members.Take(name + "Event"), property = members.Take(name + "Events");
            AbiParameter[] indexed = [.. item.Inputs.Where(p => p.Indexed && p.Name.Length > 0)];
            string filter = indexed.Length > 0 ? members.Take(name + "Filter") : "NoFilter";
            code.Line();
            code.Line($"/// <summary>The events <c>{item.Signature}</c>{(item.IsAnonymous ? ", anonymous" : "")}.</summary>");
            code.Line($"public ContractEvents<{record}, {filter}> {property} => new(Contract);");
            WriteRecord(item, record);
            if (indexed.Length > 0) WriteFilter(item, indexed, filter);
        }
    }

    private void WriteRecord(AbiEvent item, string record)
    {
        string[] names = RecordWriter.MembersOf(record, item.Inputs);
        string Fallback(int i) => record + CSharpNames.Pascal(item.Inputs[i].Name, $"Value{i + 1}");
        code.Line();
        code.Line($"/// <summary>The event <c>{item.Signature}</c>; of an indexed text, list or struct there is only the hash.</summary>");
        code.Call($"public sealed record {record}",
            [.. item.Inputs.Select((p, i) => $"{types.NameInEvent(p, Fallback(i))} {names[i]}")], $" : IContractEvent<{record}>");
        code.Line("{");
        code.Line($"public static AbiEvent Definition {{ get; }} = Abi.Event(\"{item.Signature}\");");
        code.Line();
        string reader = members.Take(record + "Of");
        code.Line($"static {record} IContractEvent<{record}>.FromValues(IReadOnlyList<object> values) => {reader}(values);");
        code.Line("}");
        code.Line();
        code.Line($"private static {record} {reader}(IReadOnlyList<object> values)");
        code.Line("{");
        code.Call($"return new {record}", [.. item.Inputs.Select((p, i) => types.ConvertInEvent(p, Fallback(i), $"values[{i}]"))], ";");
        code.Line("}");
    }

    private void WriteFilter(AbiEvent item, AbiParameter[] indexed, string filter)
    {
        string[] names = RecordWriter.MembersOf(filter, indexed);
        code.Line();
        code.Line($"/// <summary>Values that the indexed parameters of <c>{item.Name}</c> must have; what is null may be any.</summary>");
        code.Line($"public sealed record {filter} : IEventFilter");
        code.Line("{");
        for (int i = 0; i < indexed.Length; i++)
        {
            code.Line($"public {types.NameInFilter(indexed[i], filter + names[i])}? {names[i]} {{ get; init; }}");
            code.Line();
        }
        code.Call("IReadOnlyList<(string Parameter, object Value)> IEventFilter.Wishes => EventWishes.Of",
            [.. indexed.Select((p, i) => $"(\"{p.Name}\", {names[i]})")], ";");
        code.Line("}");
    }
}

/// <summary>Records of errors, and the reader of revert data.</summary>
internal sealed class ErrorWriter(CodeText code, CSharpTypes types, CSharpNames members)
{
    public void Write(IReadOnlyList<AbiError> errors)
    {
        List<(AbiError Error, string Record)> made = [];
        foreach (AbiError error in errors)
        {
            string record = members.Take(CSharpNames.Pascal(error.Name, "Unnamed") + "Error");
            string[] names = RecordWriter.MembersOf(record, error.Inputs);
            code.Line();
            code.Line($"/// <summary>The error <c>{error.Signature}</c>.</summary>");
            code.Call($"public sealed record {record}",
                [.. error.Inputs.Select((p, i) => $"{types.NameOf(p, Fallback(record, error, i))} {names[i]}")], " : ContractError;");
            made.Add((error, record));
        }
        code.Line();
        code.Line("/// <summary>The contract's own error that revert data is; null for any other.</summary>");
        code.Line("public static ContractError? DecodeError(byte[] revertData)");
        code.Line("{");
        if (made.Count > 0)
        {
            code.Line("if (Abi.ErrorOf(revertData) is not { } error || !error.TryDecode(revertData, out object[] values)) return null;");
            code.Line("switch (error.Signature)");
            code.Line("{");
            foreach ((AbiError error, string record) in made)
            {
                code.Line($"case \"{error.Signature}\":");
                code.Call($"    return new {record}",
                    [.. error.Inputs.Select((p, i) => types.Convert(p, Fallback(record, error, i), $"values[{i}]"))], ";");
            }
            code.Line("}");
        }
        code.Line("return null;");
        code.Line("}");
    }

    private static string Fallback(string record, AbiError error, int i) =>
        record + CSharpNames.Pascal(error.Inputs[i].Name, $"Value{i + 1}");
}

/// <summary>The method that puts the contract on the chain.</summary>
internal sealed class DeploymentWriter(CodeText code, CSharpTypes types, GeneratorOptions options)
{
    public void Write(CompiledContract contract)
    {
        bool hasCode = options.HasBytecode && contract.Bytecode.Length > 0;
        // An ABI without constructor and code may be an interface.
        if (!hasCode && contract.Abi.ConstructorInputs is null) return;
        MethodParameters p = new(types, contract.Abi.ConstructorInputs ?? [], "Constructor");
        string sender = p.Own("sender"), sendOptions = p.Own("options"), cancel = p.Own("cancel"), value = "default";
        string bytecode = hasCode ? "Hex.Decode(Bytecode)" : p.Own("bytecode");
        List<string> parameters = [$"AccountSender {sender}"];
        if (!hasCode) parameters.Add($"ReadOnlyMemory<byte> {bytecode}");
        parameters.AddRange(p.Declarations);
        if (contract.Abi.IsConstructorPayable) parameters.Add($"UInt256 {value = p.Own("payment")}");
        parameters.Add($"SendOptions? {sendOptions} = null");
        parameters.Add($"CancellationToken {cancel} = default");
        code.Line();
        code.Line("/// <summary>Puts a new contract on the chain.</summary>");
        code.Call($"public static Task<PendingDeployment<{options.ClassName}>> DeployAsync", parameters, " =>");
        code.Deeper($"ContractDeployment.SendAsync({sender}, Abi, {bytecode}, {p.List}, {value}, {sendOptions},");
        code.Deeper($"    at => new {options.ClassName}({sender}.Client, at), DecodeError, {cancel});");
        if (!hasCode) return;
        code.Line();
        code.Line("/// <summary>Code of a deployment without the constructor's arguments, hexadecimal.</summary>");
        code.Line("public const string Bytecode =");
        string[] pieces = [.. contract.Bytecode.Chunk(100).Select(c => new string(c))];
        for (int i = 0; i < pieces.Length; i++) code.Deeper($"\"{pieces[i]}\"{(i + 1 < pieces.Length ? " +" : ";")}");
    }
}

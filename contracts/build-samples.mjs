// Compiles samples/*.sol and writes samples/<Name>.json with ABI and bytecode: contracts of documents and tests, none
// of the chain. With --check it writes nothing and fails on any difference.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const folder = join(dirname(fileURLToPath(import.meta.url)), "samples");
const settings = { viaIR: true, optimizer: { enabled: true, runs: 200 }, metadata: { bytecodeHash: "none" }, evmVersion: "prague" };
let stale = false;
for (const file of readdirSync(folder).filter(name => name.endsWith(".sol")).sort()) {
  const output = JSON.parse(solc.compile(JSON.stringify({
    language: "Solidity",
    sources: { [file]: { content: readFileSync(join(folder, file), "utf8") } },
    settings: { ...settings, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
  })));
  for (const message of output.errors ?? []) console.error(message.formattedMessage);
  if ((output.errors ?? []).some(message => message.severity === "error")) process.exit(1);
  const name = file.slice(0, -".sol".length);
  const { abi, evm } = output.contracts[file][name];
  const text = JSON.stringify(
    { artifactVersion: 1, contractName: name, compiler: `solc ${solc.version()}`, settings, abi, bytecode: "0x" + evm.bytecode.object },
    null, 1) + "\n";
  const path = join(folder, `${name}.json`);
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
    console.error(`${name}: the artifact is stale; run \`npm run build\` in contracts/`);
    stale = true;
  }
}
process.exit(stale ? 1 : 0);

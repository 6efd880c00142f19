// Compiles src/*.sol and writes artifacts/<Name>.json. With --check it writes nothing and fails on any difference.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync, mkdirSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const root = dirname(fileURLToPath(import.meta.url));
const published = [
  "Admission", "Campaign", "Congress", "DataRegistry", "Dpor", "EconomyPool", "Evidence", "Governance", "Market", "Parameters",
  "Reserve", "RNodePool", "ValidatorSet", "Vesting",
];
const settings = { optimizer: { enabled: true, runs: 1000 }, metadata: { bytecodeHash: "none" } };

const names = readdirSync(join(root, "src")).filter(name => name.endsWith(".sol")).sort();
const texts = new Map(names.map(name => [name, readFileSync(join(root, "src", name), "utf8")]));
const input = {
  language: "Solidity",
  sources: Object.fromEntries([...texts].map(([name, content]) => [name, { content }])),
  settings: {
    ...settings,
    outputSelection: { "*": { "*": ["abi", "metadata", "storageLayout", "evm.bytecode.object", "evm.deployedBytecode"] } },
  },
};
const output = JSON.parse(solc.compile(JSON.stringify(input)));
const messages = output.errors ?? [];
for (const message of messages) console.error(message.formattedMessage);
if (messages.length > 0) process.exit(1);

// The compiler's layout without the numbers of its syntax tree, which change with any source: `slot` counts words from the
// start of the contract or struct, `offset` bytes from the low-order end of the word.
const layoutOf = ({ storage, types }) => ({
  variables: storage.map(variable => ({
    name: variable.label, slot: Number(variable.slot), offset: variable.offset, type: types[variable.type].label,
  })),
  structs: Object.fromEntries(Object.values(types ?? {}).filter(type => type.members).map(type => [type.label, type.members.map(member => ({
    name: member.label, slot: Number(member.slot), offset: member.offset, bytes: Number(types[member.type].numberOfBytes),
  }))]).sort()),
});

mkdirSync(join(root, "artifacts"), { recursive: true });
let stale = false;
for (const name of published) {
  const contract = output.contracts[`${name}.sol`][name];
  const metadata = JSON.parse(contract.metadata);
  if (Object.keys(contract.evm.deployedBytecode.immutableReferences ?? {}).length > 0)
    throw new Error(`${name} has immutables and cannot be predeployed`);
  if (contract.abi.some(item => ["constructor", "fallback", "receive"].includes(item.type)))
    throw new Error(`${name} has a constructor, a fallback or a receive function`);
  const artifact = {
    artifactVersion: 1,
    contractName: name,
    compiler: `solc ${solc.version()}`,
    settings: { ...settings, evmVersion: metadata.settings.evmVersion },
    sources: Object.fromEntries(Object.keys(metadata.sources).sort().map(source =>
      [`src/${source}`, "sha256:" + createHash("sha256").update(texts.get(source)).digest("hex")])),
    storageLayout: layoutOf(contract.storageLayout),
    abi: contract.abi,
    bytecode: "0x" + contract.evm.bytecode.object,
    runtimeBytecode: "0x" + contract.evm.deployedBytecode.object,
  };
  const text = JSON.stringify(artifact, null, 2) + "\n";
  const path = join(root, "artifacts", `${name}.json`);
  if (process.argv.includes("--check")) {
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
      console.error(`${name}: the artifact is stale; run \`npm run build\` in contracts/`);
      stale = true;
    }
  } else writeFileSync(path, text);
  console.log(`${name}: ${contract.evm.deployedBytecode.object.length / 2} bytes, ${artifact.settings.evmVersion}`);
}
process.exit(stale ? 1 : 0);

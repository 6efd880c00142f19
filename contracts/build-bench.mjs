// Compiles bench/*.sol and writes bench/*.json: one call each in the format of Ethereum's state tests, without a
// post state, for `cpchain evm bench`. With --check it writes nothing and fails on any difference.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sha3 from "js-sha3";
import solc from "solc";

const root = dirname(fileURLToPath(import.meta.url));
const names = readdirSync(join(root, "bench")).filter(name => name.endsWith(".sol")).sort();
const output = JSON.parse(solc.compile(JSON.stringify({
  language: "Solidity",
  sources: Object.fromEntries(names.map(name => [name, { content: readFileSync(join(root, "bench", name), "utf8") }])),
  settings: {
    optimizer: { enabled: true, runs: 1000 }, metadata: { bytecodeHash: "none" }, evmVersion: "prague",
    outputSelection: { "*": { "*": ["evm.deployedBytecode.object", "evm.methodIdentifiers"] } },
  },
})));
for (const message of output.errors ?? []) console.error(message.formattedMessage);
if ((output.errors ?? []).length > 0) process.exit(1);

const word = value => BigInt(value).toString(16).padStart(64, "0");
const slot = value => "0x" + BigInt(value).toString(16);
// Solidity keeps the entry of a mapping at keccak256(key . slot).
const entry = (key, base) => "0x" + sha3.keccak256(Buffer.from(word(key) + word(base), "hex"));
const code = name => "0x" + output.contracts[`${name}.sol`][name].evm.deployedBytecode.object;
const call = (name, method, ...words) =>
  "0x" + output.contracts[`${name}.sol`][name].evm.methodIdentifiers[method] + words.map(word).join("");

const sender = "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b";
const target = "0xbe7c43a580000000000000000000000000000001";
const [other, token0, token1] = [2, 3, 4].map(n => target.slice(0, -1) + n);
const many = 10n ** 30n, endless = 2n ** 256n - 1n, reserve = 10n ** 24n;
const account = (code, storage = {}) => ({ balance: "0x0", nonce: "0x1", code, storage });
const token = holders => account(code("BenchToken"), {
  ...Object.fromEntries(Object.entries(holders).map(([holder, amount]) => [entry(holder, 0), slot(amount)])),
  // The sender allows the pair everything.
  [entry(target, entry(sender, 1))]: slot(endless),
  "0x2": slot(Object.values(holders).reduce((sum, amount) => sum + amount)),
});
const programs = {
  erc20_transfer: {
    data: call("BenchToken", "transfer(address,uint256)", other, 1),
    pre: { [target]: token({ [sender]: many }) },
  },
  erc721_mint: {
    data: call("BenchCollectible", "mint(address)", other),
    pre: { [target]: account(code("BenchCollectible")) },
  },
  constant_product_swap: {
    data: call("BenchPair", "swap(uint256)", 10n ** 18n),
    pre: {
      [target]: account(code("BenchPair"), { "0x0": token0, "0x1": token1, "0x2": slot(reserve), "0x3": slot(reserve) }),
      [token0]: token({ [sender]: many, [target]: reserve }),
      [token1]: token({ [sender]: many, [target]: reserve }),
    },
  },
};

let stale = false;
for (const [name, { data, pre }] of Object.entries(programs)) {
  const text = JSON.stringify({
    [name]: {
      pre: { [sender]: { balance: "0x3b9aca00", nonce: "0x0", code: "0x", storage: {} }, ...pre },
      transaction: { data: [data], gasLimit: ["0x3b9aca00"], gasPrice: "0x1", nonce: "0x0", sender, to: target, value: ["0x0"] },
    },
  }, null, 1) + "\n";
  const path = join(root, "bench", `${name}.json`);
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
    console.error(`${name}: the artifact is stale; run \`npm run build\` in contracts/`);
    stale = true;
  }
}
process.exit(stale ? 1 : 0);

// fixtures/sdk/signing.json is what ethers makes of its own inputs; the SDK's tests compare it with what the SDK makes.
// With --write in the arguments the file is made anew: node signing.test.mjs --write.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { Signature, TypedDataEncoder, Wallet, getBytes, keccak256, toUtf8Bytes } from "ethers";

const path = new URL("../../../fixtures/sdk/signing.json", import.meta.url);
const wallet = new Wallet(keccak256(toUtf8Bytes("CPChain SDK signing vectors")));
const to = "0x00000000000000000000000000000000000000bb";
const slot = "0x" + "01".padStart(64, "0");

const messages = ["", "Some data", "čaj, 茶, 🍵", "x".repeat(1000)];

const typed = [
  {
    types: {
      Person: [{ name: "name", type: "string" }, { name: "wallets", type: "address[]" }],
      Mail: [{ name: "from", type: "Person" }, { name: "to", type: "Person[]" }, { name: "contents", type: "string" }],
    },
    primaryType: "Mail",
    domain: { name: "Ether Mail", version: "1", chainId: 133700, verifyingContract: to },
    message: {
      from: { name: "Cow", wallets: [to, wallet.address] },
      to: [{ name: "Bob", wallets: [] }, { name: "Eve", wallets: [to] }],
      contents: "Hello, Bob!",
    },
  },
  {
    types: {
      Inner: [{ name: "tag", type: "bytes4" }, { name: "flags", type: "bool[2]" }],
      Everything: [
        { name: "small", type: "uint8" }, { name: "big", type: "uint256" }, { name: "minus", type: "int64" }, { name: "least", type: "int256" },
        { name: "raw", type: "bytes" }, { name: "word", type: "bytes32" }, { name: "matrix", type: "uint16[2][]" },
        { name: "inner", type: "Inner[]" }, { name: "yes", type: "bool" },
      ],
    },
    primaryType: "Everything",
    domain: { name: "All", salt: slot },
    message: {
      small: 255, big: "115792089237316195423570985008687907853269984665640564039457584007913129639935", minus: -9007199254740,
      least: "-57896044618658097711785492504343953926634992332820282019728792003956564819968", raw: "0x00ff", word: slot,
      matrix: [[1, 2], [3, 4]], inner: [{ tag: "0x01020304", flags: [true, false] }], yes: true,
    },
  },
];

const base = { chainId: 133700, nonce: 7, gasLimit: 90000, to, value: 10n ** 18n, data: "0xdeadbeef" };
const accessList = [{ address: to, storageKeys: [slot] }];

async function make() {
  const authorization = await wallet.authorize({ address: to, nonce: 8, chainId: 133700 });
  const transactions = [
    { ...base, type: 0, gasPrice: 2_000_000_000n },
    { ...base, type: 1, gasPrice: 2_000_000_000n, accessList },
    { ...base, type: 2, maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n, accessList },
    { ...base, type: 4, maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n, authorizationList: [authorization] },
  ];
  return {
    privateKey: wallet.privateKey, address: wallet.address.toLowerCase(),
    messages: await Promise.all(messages.map(async text => ({ text, signature: await wallet.signMessage(text) }))),
    typed: await Promise.all(typed.map(async data => ({
      data, digest: TypedDataEncoder.hash(data.domain, data.types, data.message),
      signature: await wallet.signTypedData(data.domain, data.types, data.message),
    }))),
    authorization: { target: to, nonce: 8, signature: Signature.from(authorization.signature).serialized },
    transactions: await Promise.all(transactions.map(async tx => ({ type: tx.type, raw: await wallet.signTransaction(tx) }))),
  };
}

if (process.argv.includes("--write")) writeFileSync(path, JSON.stringify(await make(), null, 1) + "\n");

test("the committed vectors are what ethers makes", async () => {
  assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), JSON.parse(JSON.stringify(await make())));
  assert.equal(getBytes(wallet.privateKey).length, 32);
});

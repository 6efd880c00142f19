// Run by the end-to-end tests with CPCHAIN_RPC_URL and CPCHAIN_KEY of a devnet; by hand: ./cpchain devnet, then npm test.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { ContractFactory, JsonRpcProvider, NonceManager, Wallet, WebSocketProvider, isCallException, parseEther } from "ethers";
import solc from "solc";

const url = process.env.CPCHAIN_RPC_URL ?? "http://127.0.0.1:8545";
const key = process.env.CPCHAIN_KEY;
assert.ok(key, "CPCHAIN_KEY is not set: give the private key of an account that the devnet has printed.");

const provider = new JsonRpcProvider(url, undefined, { pollingInterval: 200 });
const wallet = new Wallet(key, provider);
let contract;

/** Compiles with the compiler's defaults, as anybody would. */
function compile(name) {
  const content = readFileSync(new URL(`${name}.sol`, import.meta.url), "utf8");
  const output = JSON.parse(solc.compile(JSON.stringify({
    language: "Solidity",
    sources: { [`${name}.sol`]: { content } },
    settings: { outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
  })));
  assert.deepEqual(output.errors ?? [], []);
  const { abi, evm } = output.contracts[`${name}.sol`][name];
  return { abi, bytecode: "0x" + evm.bytecode.object };
}

before(async () => {
  const { abi, bytecode } = compile("Counter");
  contract = await new ContractFactory(abi, bytecode, wallet).deploy(40n);
  await contract.waitForDeployment();
});

after(() => provider.destroy());

test("the deployed contract has code, its creator and its first state", async () => {
  assert.notEqual(await provider.getCode(await contract.getAddress()), "0x");
  assert.equal(await contract.creator(), wallet.address);
  assert.equal(await contract.count(), 40n);
});

test("a type-2 transaction is sent, waited for, and its event read", async () => {
  const sent = await contract.add(2n, "two more", { value: 7n });
  assert.equal(sent.type, 2);
  const receipt = await sent.wait();
  assert.equal(receipt.status, 1);
  assert.equal(receipt.type, 2);
  const event = receipt.logs.map(log => contract.interface.parseLog(log)).find(log => log?.name === "Counted");
  assert.deepEqual([...event.args], [wallet.address, 2n, 42n, "two more"]);
  assert.equal(await contract.count(), 42n);
  assert.equal(await provider.getBalance(await contract.getAddress()), 7n);

  const found = await contract.queryFilter(contract.filters.Counted(wallet.address), receipt.blockNumber);
  assert.equal(found.length, 1);
  assert.equal(found[0].transactionHash, sent.hash);
  const block = await receipt.getBlock();
  assert.ok(block.transactions.includes(sent.hash));
  assert.equal((await provider.getTransaction(sent.hash)).blockHash, block.hash);
});

test("reverts are told with their error and with their text", async () => {
  await assert.rejects(contract.add.staticCall(101n, ""), error =>
    isCallException(error) && error.revert?.name === "TooMuch" && error.revert.args[1] === 100n);
  await assert.rejects(contract.subtract.staticCall(1n), error => isCallException(error) && error.reason === "only upwards");
});

test("a transaction that reverts in its block has a receipt with status 0", async () => {
  const sent = await contract.add(101n, "", { gasLimit: 100_000n });
  await assert.rejects(sent.wait(), error => isCallException(error) && error.receipt.status === 0);
});

test("transactions of types 0 and 1 are taken too", async () => {
  const { gasPrice } = await provider.getFeeData();
  for (const type of [0, 1]) {
    const sent = await wallet.sendTransaction({ to: wallet.address, value: 1n, type, gasPrice });
    const receipt = await sent.wait();
    assert.equal(receipt.type, type);
    assert.equal(receipt.gasUsed, 21_000n);
  }
});

test("transactions sent one upon the other keep their order", async () => {
  const manager = new NonceManager(wallet);
  const target = Wallet.createRandom().address;
  const sent = [];
  for (let i = 0; i < 5; i++) sent.push(await manager.sendTransaction({ to: target, value: parseEther("0.1") }));
  const receipts = await Promise.all(sent.map(s => s.wait()));
  assert.ok(receipts.every(r => r.status === 1));
  assert.equal(await provider.getBalance(target), parseEther("0.5"));
});

test("an event listener hears an event as it happens", async () => {
  const heard = new Promise(resolve => contract.once("Counted", (by, amount, count, note) => resolve({ by, amount, note })));
  // The listener counts from the block in which it was installed.
  await new Promise(resolve => provider.once("block", resolve));
  await (await contract.add(1n, "listen")).wait();
  assert.deepEqual(await heard, { by: wallet.address, amount: 1n, note: "listen" });
});

test("refusals carry the codes that ethers knows", async () => {
  const poor = Wallet.createRandom().connect(provider);
  await assert.rejects(poor.sendTransaction({ to: wallet.address, value: 1n, gasLimit: 21_000n }),
    error => error.code === "INSUFFICIENT_FUNDS");
  const nonce = await provider.getTransactionCount(wallet.address);
  await assert.rejects(wallet.sendTransaction({ to: wallet.address, nonce: nonce - 1, gasLimit: 21_000n }),
    error => error.code === "NONCE_EXPIRED");
});

test("a WebSocket tells of blocks and of the contract's events", async () => {
  const socket = new WebSocketProvider(url.replace(/^http/, "ws"));
  try {
    const counted = new Promise(resolve => contract.connect(socket).once("Counted", (by, amount) => resolve([by, amount])));
    // A block told after the event was subscribed to.
    const first = await new Promise(resolve => socket.once("block", resolve));
    const receipt = await (await contract.add(1n, "by socket")).wait();
    assert.deepEqual(await counted, [wallet.address, 1n]);
    assert.ok(first < receipt.blockNumber);
  } finally {
    await socket.destroy();
  }
});

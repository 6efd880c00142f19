// viem against a running devnet (CPCHAIN_RPC_URL, CPCHAIN_KEY), over HTTP and WebSocket. Uses what Hardhat has compiled.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import {
  createPublicClient, createWalletClient, defineChain, encodeFunctionData, http, keccak256, parseAbi, parseEther, toHex, webSocket,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";

const url = process.env.CPCHAIN_RPC_URL ?? "http://127.0.0.1:8545";
const account = privateKeyToAccount(process.env.CPCHAIN_KEY);
const { abi, bytecode } = JSON.parse(readFileSync(new URL("artifacts/contracts/Token.sol/Token.json", import.meta.url)));
const socketClient = createPublicClient({ transport: webSocket(url.replace(/^http/, "ws"), { keepAlive: false, reconnect: false }) });
const chain = defineChain({
  id: await createPublicClient({ transport: http(url) }).getChainId(),
  name: "devnet", nativeCurrency: { name: "CPC", symbol: "CPC", decimals: 18 }, rpcUrls: { default: { http: [url] } },
});
const client = createPublicClient({ chain, transport: http(url), pollingInterval: 200 });
const wallet = createWalletClient({ account, chain, transport: http(url) });
let token;

before(async () => {
  const hash = await wallet.deployContract({ abi, bytecode, args: [1_000n] });
  token = (await client.waitForTransactionReceipt({ hash })).contractAddress;
});

after(async () => (await socketClient.transport.getRpcClient()).close());

test("a contract is simulated, written to and read", async () => {
  const to = "0x00000000000000000000000000000000000000aa";
  const { request, result } = await client.simulateContract({ account, address: token, abi, functionName: "transfer", args: [to, 5n] });
  assert.equal(result, true);
  const receipt = await client.waitForTransactionReceipt({ hash: await wallet.writeContract(request) });
  assert.equal(receipt.status, "success");
  assert.equal(receipt.type, "eip1559");
  assert.equal(await client.readContract({ address: token, abi, functionName: "balanceOf", args: [to] }), 5n);
  const [event] = await client.getContractEvents({ address: token, abi, eventName: "Transfer", fromBlock: receipt.blockNumber });
  assert.equal(event.args.value, 5n);
});

test("a revert names its error", async () => {
  await assert.rejects(
    client.simulateContract({ account, address: token, abi, functionName: "transfer", args: [account.address, 10n ** 30n] }),
    error => /ERC20InsufficientBalance/.test(error.message));
});

test("an overridden state is called as if it were so", async () => {
  const rich = "0x00000000000000000000000000000000000000bb";
  const data = await client.call({
    account: rich, to: account.address, value: parseEther("5"), stateOverride: [{ address: rich, balance: parseEther("6") }],
  });
  assert.equal(data.data, undefined);
  await assert.rejects(client.call({ account: rich, to: account.address, value: parseEther("5") }));
});

test("fees, blocks and proofs have the shapes that viem reads", async () => {
  const fees = await client.estimateFeesPerGas();
  assert.ok(fees.maxFeePerGas >= fees.maxPriorityFeePerGas);
  const block = await client.getBlock({ includeTransactions: true });
  assert.equal(typeof block.timestamp, "bigint");
  const history = await client.getFeeHistory({ blockCount: 2, rewardPercentiles: [50] });
  assert.equal(history.baseFeePerGas.length, history.gasUsedRatio.length + 1);
  const proof = await client.getProof({ address: token, storageKeys: [toHex(2, { size: 32 })] });
  assert.equal(proof.codeHash, keccak256(await client.getCode({ address: token })));
  assert.equal(proof.storageProof[0].value, 1_000n);
});

test("an access list is made and makes the call cheaper to foresee", async () => {
  const data = encodeFunctionData({ abi, functionName: "transfer", args: [account.address, 1n] });
  const { accessList, gasUsed } = await client.createAccessList({ account, to: token, data });
  assert.ok(gasUsed > 21_000n);
  assert.ok(accessList.some(entry => entry.address === token.toLowerCase() && entry.storageKeys.length > 0));
});

test("a WebSocket tells of blocks, pool transactions and events", async () => {
  const transfer = parseAbi(["event Transfer(address indexed from, address indexed to, uint256 value)"])[0];
  const stop = [];
  const seen = {};
  try {
    await new Promise((resolve, reject) => {
      const note = (name, value) => {
        seen[name] ??= value;
        if (seen.first && seen.hash && seen.event) resolve();
      };
      stop.push(
        socketClient.watchPendingTransactions({ onTransactions: hashes => note("hash", hashes[0]), onError: reject }),
        socketClient.watchEvent({ address: token, event: transfer, onLogs: logs => note("event", logs[0]), onError: reject }),
        socketClient.watchBlockNumber({
          onBlockNumber: number => {
            // Blocks were subscribed to last: when the first is told, so is everything else.
            if (!seen.first) wallet.writeContract({ address: token, abi, functionName: "transfer", args: [account.address, 3n] }).catch(reject);
            note("first", number);
          },
          onError: reject,
        }));
    });
  } finally {
    stop.forEach(end => end());
  }
  assert.equal(seen.event.args.value, 3n);
  assert.equal(seen.event.transactionHash, seen.hash);
});

// Hardhat against a running devnet: CPCHAIN_RPC_URL and CPCHAIN_KEY name it. The compiler is the solc of npm, so nothing is downloaded.
require("@nomicfoundation/hardhat-ethers");
const { subtask } = require("hardhat/config");
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require("hardhat/builtin-tasks/task-names");
const solc = require("solc/package.json");

subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async () => ({
  compilerPath: require.resolve("solc/soljson.js"),
  isSolcJs: true,
  version: solc.version,
  longVersion: solc.version,
}));

module.exports = {
  // The optimizer is on because a Governor without it is longer than EIP-170 allows.
  solidity: { version: solc.version, settings: { evmVersion: "osaka", optimizer: { enabled: true } } },
  networks: {
    devnet: { url: process.env.CPCHAIN_RPC_URL ?? "http://127.0.0.1:8545", accounts: process.env.CPCHAIN_KEY ? [process.env.CPCHAIN_KEY] : [] },
  },
  mocha: { timeout: 120_000 },
};

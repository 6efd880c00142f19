// OpenZeppelin's contracts through Hardhat: npx hardhat test --network devnet.
const assert = require("node:assert/strict");
const { ethers } = require("hardhat");

const deploy = async (name, ...args) => {
  const contract = await ethers.deployContract(name, args);
  await contract.waitForDeployment();
  return contract;
};
const done = async sending => (await sending).wait();
const refuses = (contract, sending, name) => assert.rejects(sending, error => contract.interface.parseError(error.data)?.name === name);

describe("OpenZeppelin on a devnet", () => {
  let owner, friend;

  before(async () => {
    [owner] = await ethers.getSigners();
    friend = ethers.Wallet.createRandom(ethers.provider);
    await done(owner.sendTransaction({ to: friend.address, value: ethers.parseEther("1") }));
  });

  it("ERC-20: transfers, allowances, and permits by signature", async () => {
    const token = await deploy("Token", 1_000n);
    await done(token.transfer(friend.address, 100n));
    await done(token.connect(friend).approve(owner.address, 40n));
    await done(token.transferFrom(friend.address, owner.address, 30n));
    assert.equal(await token.allowance(friend.address, owner.address), 10n);
    await refuses(token, token.transferFrom(friend.address, owner.address, 11n), "ERC20InsufficientAllowance");

    const deadline = 2n ** 40n;
    const { chainId } = await ethers.provider.getNetwork();
    const signature = ethers.Signature.from(await friend.signTypedData(
      { name: "Token", version: "1", chainId, verifyingContract: await token.getAddress() },
      { Permit: ["owner", "spender", "value", "nonce", "deadline"].map((name, i) => ({ name, type: i < 2 ? "address" : "uint256" })) },
      { owner: friend.address, spender: owner.address, value: 70n, nonce: 0n, deadline }));
    await done(token.permit(friend.address, owner.address, 70n, deadline, signature.v, signature.r, signature.s));
    await done(token.transferFrom(friend.address, owner.address, 70n));
    assert.equal(await token.balanceOf(owner.address), 1_000n);
    assert.equal(await token.nonces(friend.address), 1n);
  });

  it("ERC-721: safe minting asks the receiver", async () => {
    const item = await deploy("Item");
    const safe = await deploy("Safe");
    const deaf = await deploy("Deaf");
    await done(item.mint(owner.address, 7n));
    await done(item["safeTransferFrom(address,address,uint256)"](owner.address, await safe.getAddress(), 7n));
    assert.equal(await item.ownerOf(7n), await safe.getAddress());
    await refuses(item, item.mint(await deaf.getAddress(), 8n), "ERC721InvalidReceiver");
    await refuses(item, item.ownerOf(8n), "ERC721NonexistentToken");
  });

  it("ERC-1155: batches", async () => {
    const bundle = await deploy("Bundle");
    const receipt = await done(bundle.mint(owner.address, [1n, 2n], [10n, 20n]));
    assert.deepEqual([...bundle.interface.parseLog(receipt.logs[0]).args.getValue("values")], [10n, 20n]);
    await done(bundle.safeBatchTransferFrom(owner.address, friend.address, [1n, 2n], [4n, 5n], "0x"));
    assert.deepEqual([...await bundle.balanceOfBatch([owner.address, friend.address], [1n, 2n])], [6n, 5n]);
  });

  it("Governor: a proposal is voted on and carried out", async () => {
    const token = await deploy("Token", 1_000n);
    await done(token.delegate(owner.address));
    const dao = await deploy("Dao", await token.getAddress());
    const call = dao.interface.encodeFunctionData("setPrice", [42n]);
    const what = [[await dao.getAddress()], [0n], [call]];
    const text = "a price";
    await done(dao.propose(...what, text));
    const id = await dao.hashProposal(...what, ethers.id(text));
    await until(async () => await dao.state(id) === 1n);
    await done(dao.castVote(id, 1));
    await until(async () => await dao.state(id) === 4n);
    await done(dao.execute(...what, ethers.id(text)));
    assert.equal(await dao.price(), 42n);
    await refuses(dao, dao.setPrice(1n), "GovernorOnlyExecutor");
  });

  /** Looks again with every block. */
  async function until(holds) {
    for (let blocks = 0; !await holds(); blocks++) {
      assert.ok(blocks < 60, "it does not come true");
      const number = await ethers.provider.getBlockNumber();
      while (await ethers.provider.getBlockNumber() === number) await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
});

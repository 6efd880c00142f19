// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// The minting half of an ERC-721 for `cpchain evm bench`.
contract BenchCollectible {
    mapping(uint256 => address) public ownerOf;
    mapping(address => uint256) public balanceOf;
    uint256 public minted;

    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);

    function mint(address to) external returns (uint256 tokenId) {
        require(to != address(0), "mint to nobody");
        tokenId = ++minted;
        balanceOf[to] += 1;
        ownerOf[tokenId] = to;
        emit Transfer(address(0), to, tokenId);
    }
}

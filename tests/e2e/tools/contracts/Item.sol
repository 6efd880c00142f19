// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";

contract Item is ERC721 {
    constructor() ERC721("Item", "ITM") {}

    function mint(address to, uint256 id) external {
        _safeMint(to, id);
    }
}

contract Bundle is ERC1155 {
    constructor() ERC1155("https://example.org/{id}.json") {}

    function mint(address to, uint256[] calldata ids, uint256[] calldata amounts) external {
        _mintBatch(to, ids, amounts, "");
    }
}

contract Safe is ERC721Holder, ERC1155Holder {}

contract Deaf {}

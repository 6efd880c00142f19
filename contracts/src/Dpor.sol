// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {termOfBlock} from "./Parameters.sol";

interface IDpor {
    function currentTerm() external view returns (uint64);

    /// The last term that an account was elected for; `ever` is false when it never was.
    function lastElectedTerm(address account) external view returns (bool ever, uint64 term);
}

/// What the end-of-block step keeps for elections (D4 to D10). It writes these slots itself: no call can. `ring` is a term
/// mod 16; terms that are too old or not decided yet are refused, never answered with another's.
contract Dpor is IDpor {
    struct Deeds {
        uint32 sends;
        uint16 blocks;
        uint16 impeached;
        uint32 uploads;
        uint32 sales;
        uint32 receipts;
    }

    struct Entry {
        address account;
        uint32 weight;
        bool isHigh;
        bytes32 commitment;
    }

    struct Seat {
        address account;
        bool isElected;
        bytes32 commitment;
    }

    uint64 public constant RING = 16;

    mapping(address account => uint256 word) private penalties;
    mapping(address account => mapping(uint256 ring => uint256 word)) private deeds;
    mapping(address account => mapping(uint256 ring => uint256 word)) private money;
    mapping(uint256 ring => uint256 word) private totals;
    mapping(uint256 ring => uint256[] words) private rolls;
    mapping(uint256 ring => uint256[] words) private committees;
    mapping(address account => uint256 lastTermAndOne) private elected;
    bytes32 private mix;
    mapping(uint256 ring => bytes32) private seeds;
    uint256 private schedule;

    error TermUnknown(uint64 term);

    function currentTerm() public view returns (uint64) {
        return uint64(termOfBlock(block.number));
    }

    function lastElectedTerm(address account) external view returns (bool ever, uint64 term) {
        uint256 word = elected[account];
        return word == 0 ? (false, 0) : (true, uint64(word - 1));
    }

    /// Who proposes in a term, by seat; known from the end of the second term before it.
    function committeeOf(uint64 term) external view returns (Seat[] memory seats) {
        uint256[] storage words = committees[ringOf(term, currentTerm() + 2)];
        seats = new Seat[](words.length / 2);
        for (uint256 i = 0; i < seats.length; i++) {
            uint256 word = words[2 * i];
            seats[i] = Seat(address(uint160(word)), word >> 160 & 1 != 0, bytes32(words[2 * i + 1]));
        }
    }

    /// Who stands for a term, in the order of the draw; known from the end of the third term before it.
    function rollOf(uint64 term) external view returns (Entry[] memory entries) {
        uint256[] storage words = rolls[ringOf(term, currentTerm() + 3)];
        entries = new Entry[](words.length / 2);
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 word = words[2 * i];
            entries[i] =
                Entry(address(uint160(word)), uint32(word >> 160), word >> 192 & 1 != 0, bytes32(words[2 * i + 1]));
        }
    }

    /// The seed of a term that is over.
    function seedOf(uint64 term) external view returns (bytes32) {
        return seeds[ringOf(term, currentTerm())];
    }

    /// What an account did in a term; nothing for a term that is too long ago.
    function deedsOf(address account, uint64 term) external view returns (Deeds memory) {
        uint256 word = deeds[account][term % RING];
        if (uint32(word) != uint256(term) + 1) return Deeds(0, 0, 0, 0, 0, 0);
        return Deeds(
            uint32(word >> 32),
            uint16(word >> 64),
            uint16(word >> 80),
            uint32(word >> 96),
            uint32(word >> 128),
            uint32(word >> 160)
        );
    }

    /// `end` is the first term that is not known yet.
    function ringOf(uint64 term, uint64 end) private pure returns (uint64) {
        if (term >= end || term + RING < end) revert TermUnknown(term);
        return term % RING;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {GOVERNANCE, PARAMETERS} from "./System.sol";

/// Names of the parameters; a parameter's name is also its storage slot. New ones are added at the end.
library Id {
    uint256 internal constant TERM_BLOCKS = 0;
    uint256 internal constant RNODE_DEPOSIT = 1;
    uint256 internal constant CANDIDATES_MAX = 2;
    uint256 internal constant TERMS_PER_CLAIM = 3;
    uint256 internal constant SLASH_PERMILLE = 4;
    uint256 internal constant REPORTER_PERMILLE = 5;
    uint256 internal constant JOINING_OPEN = 6;
    uint256 internal constant JOINING_DEPOSIT = 7;
    uint256 internal constant RNODE_STAY = 8;
    uint256 internal constant RNODE_VERSION = 9;
    uint256 internal constant CAMPAIGN_VERSION = 10;
    uint256 internal constant PROOF_AGE = 11;
    uint256 internal constant CPU_DIFFICULTY = 12;
    uint256 internal constant MEMORY_DIFFICULTY = 13;
    uint256 internal constant CONGRESS_MEMBERS_MIN = 14;
    uint256 internal constant PROPOSAL_SUPPORTERS = 15;
    uint256 internal constant PROPOSAL_YES_PERCENT = 16;
    uint256 internal constant PROPOSAL_DELAY = 17;
    uint256 internal constant COUNT = 18;
}

interface IParameters {
    function valueOf(uint256 id) external view returns (uint256);
}

/// The value of a parameter now.
function parameter(uint256 id) view returns (uint256) {
    return IParameters(PARAMETERS).valueOf(id);
}

/// Term of a block number (D2.1). Term 0 begins with block 1; block 0 belongs to it too.
function termOfBlock(uint256 number) view returns (uint256) {
    return number == 0 ? 0 : (number - 1) / parameter(Id.TERM_BLOCKS);
}

/// The numbers that contracts go by. Genesis writes the first values. Those that elections go by as well stay as genesis says;
/// the others governance may change, within bounds that nobody may change.
contract Parameters is IParameters {
    uint256[18] private values;

    event ParameterChanged(uint256 indexed id, uint256 before, uint256 value);

    error OnlyGovernance();
    error NoSuchParameter(uint256 id);
    error FixedByGenesis(uint256 id);
    error OutOfRange(uint256 id, uint256 least, uint256 most);
    error VersionRisesByOne(uint256 current);

    function change(uint256 id, uint256 value) external {
        if (msg.sender != GOVERNANCE) revert OnlyGovernance();
        (uint256 least, uint256 most) = rangeOf(id);
        if (most == 0) revert FixedByGenesis(id);
        if (value < least || value > most) revert OutOfRange(id, least, most);
        uint256 before = values[id];
        if ((id == Id.RNODE_VERSION || id == Id.CAMPAIGN_VERSION) && value != before + 1) revert VersionRisesByOne(before);
        values[id] = value;
        emit ParameterChanged(id, before, value);
    }

    function valueOf(uint256 id) external view returns (uint256) {
        if (id >= Id.COUNT) revert NoSuchParameter(id);
        return values[id];
    }

    /// Bounds of what governance may set, both included; 0 and 0 for what genesis alone sets.
    function rangeOf(uint256 id) public view returns (uint256 least, uint256 most) {
        if (id >= Id.COUNT) revert NoSuchParameter(id);
        if (id < Id.JOINING_OPEN) return (0, 0);
        if (id == Id.JOINING_OPEN) return (0, 1);
        if (id == Id.JOINING_DEPOSIT) return (values[Id.RNODE_DEPOSIT], 25 * values[Id.RNODE_DEPOSIT]);
        if (id == Id.RNODE_STAY) return (0, 1 days);
        if (id == Id.RNODE_VERSION || id == Id.CAMPAIGN_VERSION) return (1, type(uint32).max);
        if (id == Id.PROOF_AGE) return (1, 256);
        if (id == Id.CPU_DIFFICULTY || id == Id.MEMORY_DIFFICULTY) return (1, 64);
        if (id == Id.CONGRESS_MEMBERS_MIN) return (11, 1_000);
        if (id == Id.PROPOSAL_SUPPORTERS) return (10, 10_000);
        if (id == Id.PROPOSAL_YES_PERCENT) return (51, 100);
        return (1 hours, 30 days); // PROPOSAL_DELAY
    }
}

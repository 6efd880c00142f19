// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AdmissionErrors, IAdmission} from "./Admission.sol";
import {Id, parameter, termOfBlock} from "./Parameters.sol";
import {IRNodePool} from "./RNodePool.sol";
import {ADMISSION, RNODE_POOL} from "./System.sol";

interface ICampaign {
    function isDefaultProposer(address account) external view returns (bool);
}

/// Candidates of elections (ECO-31, DPR-18). Who claims in term T stands on the lists of the next one to three terms, each of
/// which serves three terms later. An election reads the list of its term and passes over who is no RNode any more.
contract Campaign is ICampaign, AdmissionErrors {
    struct Candidate {
        address account;
        bytes32 commitment;
    }

    /// The last list that the account stands on, and the block of its latest claim.
    struct Claim {
        uint64 lastList;
        uint64 claimedAt;
        uint64 count;
    }

    uint256 public constant MAX_PAGE = 100;

    /// Terms from the list that a candidate stands on to the term that he serves.
    uint256 public constant LEAD = 3;

    mapping(uint64 term => Candidate[]) private lists;
    mapping(address account => mapping(uint64 term => bytes32)) private commitments;

    /// Set by genesis.
    mapping(address account => bool) public isDefaultProposer;

    mapping(address account => Claim) private claims;

    event Claimed(address indexed account, uint64 firstList, uint64 lastList);
    event Committed(address indexed account, uint64 firstTerm, uint64 lastTerm);

    error VersionTooOld(uint256 supported);
    error WrongTerms(uint256 most);
    error CommitmentsMissing(uint256 needed);
    error EmptyCommitment(uint256 index);
    error NotRNode();
    error DefaultProposerCannotClaim();
    error StillCandidate(uint64 lastList);
    error ProofReplayed(uint64 claimedAt);
    error ListFull(uint64 term);
    error NotDefaultProposer();
    error TermTooNear(uint256 earliest);
    error CommittedAlready(uint64 term);

    /// Enters the lists of the next terms with a commitment for each. A proof is newer than the sender's latest claim, so none
    /// serves twice.
    function claim(
        uint8 terms,
        bytes32[] calldata secrets,
        uint64 cpuNonce,
        uint64 cpuBlock,
        uint64 memNonce,
        uint64 memBlock,
        uint32 version
    ) external {
        mayClaim(terms, secrets.length, version);
        uint64 term = uint64(termOfBlock(block.number));
        Claim storage c = claims[msg.sender];
        if (c.lastList > term) revert StillCandidate(c.lastList);
        if (c.count != 0 && (cpuBlock < c.claimedAt || memBlock < c.claimedAt)) revert ProofReplayed(c.claimedAt);
        IAdmission(ADMISSION).verify(msg.sender, cpuNonce, cpuBlock, memNonce, memBlock);
        enter(term + 1, secrets);
        (c.lastList, c.claimedAt, c.count) = (term + terms, uint64(block.number), c.count + 1);
        emit Claimed(msg.sender, term + 1, term + terms);
    }

    /// Commitments of a default proposer for the terms that it serves, from `firstTerm` on.
    function commit(uint64 firstTerm, bytes32[] calldata secrets) external {
        if (!isDefaultProposer[msg.sender]) revert NotDefaultProposer();
        uint256 earliest = termOfBlock(block.number) + 1 + LEAD;
        if (firstTerm < earliest) revert TermTooNear(earliest);
        if (secrets.length == 0) revert CommitmentsMissing(1);
        for (uint64 i = 0; i < secrets.length; i++) {
            if (secrets[i] == 0) revert EmptyCommitment(i);
            if (commitments[msg.sender][firstTerm + i] != 0) revert CommittedAlready(firstTerm + i);
            commitments[msg.sender][firstTerm + i] = secrets[i];
        }
        emit Committed(msg.sender, firstTerm, firstTerm + uint64(secrets.length) - 1);
    }

    function claimOf(address account) external view returns (Claim memory) {
        return claims[account];
    }

    function commitmentOf(address account, uint64 term) external view returns (bytes32) {
        return commitments[account][term];
    }

    function countOf(uint64 term) external view returns (uint256) {
        return lists[term].length;
    }

    /// Candidates of a term's list from an index on, at most MAX_PAGE of them, in the order of their claims.
    function candidatesOf(uint64 term, uint256 from, uint256 most) external view returns (Candidate[] memory page) {
        Candidate[] storage list = lists[term];
        uint256 left = from < list.length ? list.length - from : 0;
        if (most > MAX_PAGE) most = MAX_PAGE;
        page = new Candidate[](left < most ? left : most);
        for (uint256 i = 0; i < page.length; i++) page[i] = list[from + i];
    }

    function mayClaim(uint8 terms, uint256 given, uint32 version) private view {
        uint256 supported = parameter(Id.CAMPAIGN_VERSION);
        if (version < supported) revert VersionTooOld(supported);
        if (isDefaultProposer[msg.sender]) revert DefaultProposerCannotClaim();
        if (!IRNodePool(RNODE_POOL).isRNode(msg.sender)) revert NotRNode();
        uint256 most = parameter(Id.TERMS_PER_CLAIM);
        if (terms == 0 || terms > most) revert WrongTerms(most);
        if (given != terms) revert CommitmentsMissing(terms);
    }

    function enter(uint64 first, bytes32[] calldata secrets) private {
        uint256 room = parameter(Id.CANDIDATES_MAX);
        for (uint64 i = 0; i < secrets.length; i++) {
            if (secrets[i] == 0) revert EmptyCommitment(i);
            Candidate[] storage list = lists[first + i];
            if (list.length >= room) revert ListFull(first + i);
            list.push(Candidate(msg.sender, secrets[i]));
        }
    }
}

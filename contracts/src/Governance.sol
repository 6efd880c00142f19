// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICongress} from "./Congress.sol";
import {IEconomyPool} from "./EconomyPool.sol";
import {Id, parameter} from "./Parameters.sol";
import {PullPayments} from "./PullPayments.sol";
import {CONGRESS, ECONOMY_POOL, PARAMETERS, VALIDATOR_SET} from "./System.sol";

/// Proposals: a text, and a call that is made when the congress agrees. Economy nodes support, members of the congress vote; who
/// came after a proposal has no say in it. What has this address as its sender was decided here. It has power over parameters
/// and the validator set, none over anybody's coins.
contract Governance is PullPayments {
    enum State { None, Deposited, Approved, Successful, Executed, Rejected, Timeout }

    struct Proposal {
        address proposer;
        State state;
        uint64 submittedAt;
        uint128 deposit;
        uint64 deadline;
        uint64 decidedAt;
        address target;
        uint32 electorate;
        uint32 yes;
        uint32 no;
        uint32 supporters;
        uint128 support;
        uint128 supportable;
        bytes32 callHash;
    }

    uint256 public constant MIN_DEPOSIT = 100 ether;
    uint256 public constant MIN_PERIOD = 1 days;
    uint256 public constant MAX_PERIOD = 30 days;
    uint256 public constant MAX_CALL_BYTES = 8_192;

    uint256 public totalDeposits;
    mapping(bytes32 id => Proposal) private proposals;
    mapping(bytes32 id => mapping(address account => bool)) private supported;
    mapping(bytes32 id => mapping(address account => bool)) private voted;

    event Submitted(
        bytes32 indexed id, address indexed proposer, bytes32 textHash, address target, bytes call, uint256 deadline
    );
    event Supported(bytes32 indexed id, address indexed account, uint256 deposit);
    event Voted(bytes32 indexed id, address indexed member, bool inFavour);
    event StateChanged(bytes32 indexed id, State state);

    error NoText();
    error WrongPeriod(uint256 least, uint256 most);
    error DepositTooSmall(uint256 least);
    error CongressTooSmall(uint256 least);
    error TargetNotGoverned(address target);
    error CallTooLong(uint256 most);
    error SubmittedAlready(bytes32 id);
    error WrongState(State state);
    error NotEconomyNode();
    error NotMember();
    error CameAfterProposal();
    error SupportedAlready();
    error VotedAlready();
    error NotYet(uint256 from);
    error CallDiffers();
    error CallFailed(bytes reason);
    error RefundedAlready();

    /// A target of zero is for a proposal that only says something.
    function submit(bytes32 textHash, uint256 period, address target, bytes calldata call)
        external
        payable
        returns (bytes32 id)
    {
        if (textHash == 0) revert NoText();
        if (period < MIN_PERIOD || period > MAX_PERIOD) revert WrongPeriod(MIN_PERIOD, MAX_PERIOD);
        if (msg.value < MIN_DEPOSIT) revert DepositTooSmall(MIN_DEPOSIT);
        if (target != PARAMETERS && target != VALIDATOR_SET && (target != address(0) || call.length != 0)) {
            revert TargetNotGoverned(target);
        }
        if (call.length > MAX_CALL_BYTES) revert CallTooLong(MAX_CALL_BYTES);
        uint256 electorate = ICongress(CONGRESS).count();
        uint256 least = parameter(Id.CONGRESS_MEMBERS_MIN);
        if (electorate < least) revert CongressTooSmall(least);
        id = keccak256(abi.encode(msg.sender, textHash, target, keccak256(call)));
        Proposal storage p = proposals[id];
        if (p.state != State.None) revert SubmittedAlready(id);
        p.proposer = msg.sender;
        p.state = State.Deposited;
        p.submittedAt = uint64(block.timestamp);
        p.deposit = uint128(msg.value);
        p.deadline = uint64(block.timestamp + period);
        p.target = target;
        p.electorate = uint32(electorate);
        p.supportable = uint128(IEconomyPool(ECONOMY_POOL).totalDeposits());
        p.callHash = keccak256(call);
        totalDeposits += msg.value;
        emit Submitted(id, msg.sender, textHash, target, call, p.deadline);
    }

    /// An economy node whose deposit is older than the proposal supports it. Enough of them, or a hundredth of all deposits,
    /// bring it before the congress.
    function support(bytes32 id) external {
        Proposal storage p = inState(id, State.Deposited);
        (uint256 deposit, uint256 since) = IEconomyPool(ECONOMY_POOL).nodeOf(msg.sender);
        if (deposit == 0) revert NotEconomyNode();
        if (since >= p.submittedAt) revert CameAfterProposal();
        if (supported[id][msg.sender]) revert SupportedAlready();
        supported[id][msg.sender] = true;
        p.supporters += 1;
        p.support += uint128(deposit);
        emit Supported(id, msg.sender, deposit);
        if (
            p.supporters >= parameter(Id.PROPOSAL_SUPPORTERS)
                || uint256(p.support) * 100 >= p.supportable
        ) move(id, p, State.Approved);
    }

    /// A member who is older than the proposal votes. The share of all who were members then decides.
    function vote(bytes32 id, bool inFavour) external {
        Proposal storage p = inState(id, State.Approved);
        uint256 joinedAt = ICongress(CONGRESS).joinedAt(msg.sender);
        if (joinedAt == 0) revert NotMember();
        if (joinedAt >= p.submittedAt) revert CameAfterProposal();
        if (voted[id][msg.sender]) revert VotedAlready();
        voted[id][msg.sender] = true;
        if (inFavour) p.yes += 1;
        else p.no += 1;
        emit Voted(id, msg.sender, inFavour);
        uint256 share = parameter(Id.PROPOSAL_YES_PERCENT);
        if (uint256(p.yes) * 100 >= share * p.electorate) {
            p.decidedAt = uint64(block.timestamp);
            move(id, p, State.Successful);
        } else if (uint256(p.no) * 100 > (100 - share) * p.electorate) {
            move(id, p, State.Rejected);
        }
    }

    /// Anybody makes the call of a proposal that succeeded, when the delay is over and for a month from then.
    function execute(bytes32 id, bytes calldata call) external {
        Proposal storage p = inState(id, State.Successful);
        uint256 from = p.decidedAt + parameter(Id.PROPOSAL_DELAY);
        if (block.timestamp < from) revert NotYet(from);
        if (keccak256(call) != p.callHash) revert CallDiffers();
        move(id, p, State.Executed);
        if (p.target == address(0)) return;
        (bool done, bytes memory reason) = p.target.call(call);
        if (!done) revert CallFailed(reason);
    }

    /// Owes the proposer its deposit when the proposal is decided, whichever way.
    function refund(bytes32 id) external {
        Proposal storage p = proposals[id];
        State state = stateOf(id);
        if (state < State.Successful) revert WrongState(state);
        uint128 deposit = p.deposit;
        if (deposit == 0) revert RefundedAlready();
        p.deposit = 0;
        totalDeposits -= deposit;
        owe(p.proposer, deposit);
    }

    function proposalOf(bytes32 id) external view returns (Proposal memory) {
        return proposals[id];
    }

    /// The state as of now: time ends what nobody has.
    function stateOf(bytes32 id) public view returns (State) {
        Proposal storage p = proposals[id];
        if (p.state == State.Deposited || p.state == State.Approved) {
            return block.timestamp > p.deadline ? State.Timeout : p.state;
        }
        if (p.state == State.Successful) {
            uint256 from = p.decidedAt + parameter(Id.PROPOSAL_DELAY);
            return block.timestamp > from + MAX_PERIOD ? State.Timeout : p.state;
        }
        return p.state;
    }

    function inState(bytes32 id, State needed) private view returns (Proposal storage) {
        State state = stateOf(id);
        if (state != needed) revert WrongState(state);
        return proposals[id];
    }

    function move(bytes32 id, Proposal storage p, State state) private {
        p.state = state;
        emit StateChanged(id, state);
    }
}

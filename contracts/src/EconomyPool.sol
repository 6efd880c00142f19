// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IReserve} from "./Reserve.sol";
import {RESERVE} from "./System.sol";

interface IEconomyPool {
    function fund() external payable;

    function nodeOf(address account) external view returns (uint256 deposit, uint256 since);

    function totalDeposits() external view returns (uint256);
}

/// Deposits of economy nodes (ECO-02, ECO-09, ECO-12 to ECO-19). Seasons of raising, lock-up and settlement follow each other
/// by block time; nobody moves the pool from one to the next. A deposit takes part in every season until it is withdrawn.
contract EconomyPool is IEconomyPool {
    enum Phase { Raising, Locked, Settling }

    /// Set by genesis. When season 0 begins, Unix seconds; how long phases and years are, seconds; coins of a whole season and the
    /// most of a year; the least deposit.
    struct Plan {
        uint64 origin;
        uint64 raising;
        uint64 locked;
        uint64 settling;
        uint128 seasonPool;
        uint128 yearPool;
        uint128 minDeposit;
        uint64 yearLength;
    }

    /// `next` is the first season whose interest is not reckoned yet; `since` the time of the latest deposit.
    struct Account {
        uint128 deposit;
        uint64 since;
        uint64 next;
    }

    /// What a season shares out, and the sum of the deposits that share it.
    struct Season {
        uint128 pool;
        uint128 deposits;
    }

    /// So many seasons one call opens, and so many seasons of one account it reckons.
    uint256 public constant MAX_OPENED = 40;
    uint256 public constant MAX_RECKONED = 1_000;

    Plan public plan;
    uint256 public totalDeposits;
    uint256 public totalInterest;
    uint64 public openedSeasons;
    mapping(uint64 season => Season) private seasons;
    mapping(address account => Account) private accounts;
    mapping(address account => uint256) private interest;

    event Deposited(address indexed account, uint256 amount, uint256 deposit);
    event Withdrawn(address indexed account, address indexed to, uint256 amount, uint256 deposit);
    event SeasonOpened(uint64 indexed season, uint256 pool, uint256 deposits);
    event InterestPaid(address indexed account, address indexed to, uint256 amount);
    event InterestKept(address indexed account, uint256 amount);

    error NotStarted(uint256 start);
    error WrongPhase(Phase current, uint256 until);
    error DepositTooSmall(uint256 least);
    error DepositSmaller(uint256 deposit);
    error NothingToWithdraw();
    error NoInterest();
    error SeasonsUnopened(uint64 first);
    error SeasonsUnreckoned(uint64 first);
    error PaymentRefused();
    error OnlyReserve();

    /// Raising only. Adds to the sender's deposit, which must reach 20,000 CPC.
    function deposit() external payable {
        uint64 season = begin(Phase.Raising);
        if (msg.value == 0) revert DepositTooSmall(plan.minDeposit);
        Account storage a = accounts[msg.sender];
        if (a.deposit + msg.value < plan.minDeposit) revert DepositTooSmall(plan.minDeposit - a.deposit);
        reckon(msg.sender, season);
        a.deposit += uint128(msg.value);
        a.since = uint64(block.timestamp);
        totalDeposits += msg.value;
        emit Deposited(msg.sender, msg.value, a.deposit);
    }

    /// Raising only. Pays from the sender's deposit, of which nothing or at least 20,000 CPC must stay.
    function withdraw(uint256 amount, address payable to) external {
        uint64 season = begin(Phase.Raising);
        Account storage a = accounts[msg.sender];
        if (amount == 0) revert NothingToWithdraw();
        if (amount > a.deposit) revert DepositSmaller(a.deposit);
        if (amount != a.deposit && a.deposit - amount < plan.minDeposit) revert DepositTooSmall(plan.minDeposit);
        reckon(msg.sender, season);
        a.deposit -= uint128(amount);
        totalDeposits -= amount;
        emit Withdrawn(msg.sender, to, amount, a.deposit);
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentRefused();
    }

    /// Settling only. Pays the sender the interest of this season, and of earlier ones that was not taken.
    function claim(address payable to) external {
        uint64 season = begin(Phase.Settling);
        reckon(msg.sender, season + 1);
        uint256 amount = take(msg.sender);
        emit InterestPaid(msg.sender, to, amount);
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentRefused();
    }

    /// Settling only. Anybody sends an account the interest that it has not taken (ECO-18). Code of the receiver gets too little
    /// gas to do anything; what it refuses stays its own, to be claimed.
    function distribute(address payable account) external {
        uint64 season = begin(Phase.Settling);
        reckon(account, season + 1);
        uint256 amount = take(account);
        (bool paid,) = account.call{value: amount, gas: 0}("");
        if (paid) {
            emit InterestPaid(account, account, amount);
        } else {
            interest[account] = amount;
            totalInterest += amount;
            emit InterestKept(account, amount);
        }
    }

    /// Not while locked. Takes the coins of seasons that have come to settlement from the reserve, and books an account's interest,
    /// as far as one call goes. Every other call does this first; by itself it is of use only after years without any.
    function catchUp(address account) external {
        (uint64 season, Phase phase, uint256 until) = phaseNow();
        if (phase == Phase.Locked) revert WrongPhase(phase, until);
        open(phase == Phase.Settling ? season + 1 : season);
        book(account, openedSeasons);
    }

    /// The coins of a season, when it opens.
    function fund() external payable {
        if (msg.sender != RESERVE) revert OnlyReserve();
    }

    /// The season and phase of now, and the time at which the phase ends.
    function phaseNow() public view returns (uint64 season, Phase phase, uint256 until) {
        Plan memory p = plan;
        if (block.timestamp < p.origin) revert NotStarted(p.origin);
        uint256 length = uint256(p.raising) + p.locked + p.settling;
        season = uint64((block.timestamp - p.origin) / length);
        uint256 began = p.origin + season * length;
        if (block.timestamp < began + p.raising) return (season, Phase.Raising, began + p.raising);
        uint256 settles = began + p.raising + p.locked;
        return block.timestamp < settles ? (season, Phase.Locked, settles) : (season, Phase.Settling, began + length);
    }

    /// The coins of a season (D14.2). Interest accrues evenly and stops in each year when the year's coins are used up.
    function poolOf(uint64 season) public view returns (uint256) {
        Plan memory p = plan;
        uint256 length = uint256(p.raising) + p.locked + p.settling;
        uint256 alive = aliveBefore(p, length, (season + 1) * length) - aliveBefore(p, length, season * length);
        return p.seasonPool * alive / length;
    }

    function nodeOf(address account) external view returns (uint256, uint256 since) {
        return (accounts[account].deposit, accounts[account].since);
    }

    function isEconomyNode(address account) external view returns (bool) {
        return accounts[account].deposit != 0;
    }

    function seasonOf(uint64 season) external view returns (uint256 pool, uint256 deposits) {
        return (seasons[season].pool, seasons[season].deposits);
    }

    /// Interest of an account in the seasons that are open, taken or not reckoned yet; as much as one call would pay.
    function interestOf(address account) external view returns (uint256 amount) {
        (amount,) = reckoned(account, openedSeasons);
        amount += interest[account];
    }

    /// The rule of conservation: `balance` is never less than `deposits + unpaid`. Unpaid is interest that nobody took yet, and what
    /// was lost in rounding: less than a unit for each deposit and season.
    function sums() external view returns (uint256 balance, uint256 deposits, uint256 unpaid) {
        return (address(this).balance, totalDeposits, totalInterest);
    }

    function begin(Phase needed) private returns (uint64 season) {
        Phase phase;
        uint256 until;
        (season, phase, until) = phaseNow();
        if (phase != needed) revert WrongPhase(phase, until);
        uint64 ended = phase == Phase.Settling ? season + 1 : season;
        open(ended);
        if (openedSeasons < ended) revert SeasonsUnopened(openedSeasons);
    }

    /// No deposit moves between the end of a season's raising and this, so the sum of now is the sum of then.
    function open(uint64 ended) private {
        if (totalDeposits == 0 && openedSeasons < ended) openedSeasons = ended;
        for (uint256 i = 0; i < MAX_OPENED && openedSeasons < ended; i++) {
            uint64 season = openedSeasons++;
            uint256 pool = IReserve(RESERVE).releaseSeason(season, poolOf(season));
            seasons[season] = Season(uint128(pool), uint128(totalDeposits));
            totalInterest += pool;
            emit SeasonOpened(season, pool, totalDeposits);
        }
    }

    /// Books the interest of the seasons before `ended`.
    function reckon(address account, uint64 ended) private {
        uint64 next = book(account, ended);
        if (next < ended) revert SeasonsUnreckoned(next);
    }

    function book(address account, uint64 ended) private returns (uint64 next) {
        uint256 amount;
        (amount, next) = reckoned(account, ended);
        interest[account] += amount;
        accounts[account].next = next;
    }

    function reckoned(address account, uint64 ended) private view returns (uint256 amount, uint64 next) {
        Account memory a = accounts[account];
        if (a.deposit == 0) return (0, ended);
        next = a.next;
        for (uint256 i = 0; i < MAX_RECKONED && next < ended; i++) {
            Season memory s = seasons[next++];
            if (s.deposits != 0) amount += uint256(s.pool) * a.deposit / s.deposits;
        }
    }

    function take(address account) private returns (uint256 amount) {
        amount = interest[account];
        if (amount == 0) revert NoInterest();
        interest[account] = 0;
        totalInterest -= amount;
    }

    /// Seconds that accrue interest before a time, counted from the origin.
    function aliveBefore(Plan memory p, uint256 length, uint256 time) private pure returns (uint256) {
        uint256 year = p.seasonPool == 0 ? 0 : p.yearPool * length / p.seasonPool;
        if (year > p.yearLength) year = p.yearLength;
        uint256 inYear = time % p.yearLength;
        return time / p.yearLength * year + (inYear < year ? inYear : year);
    }
}

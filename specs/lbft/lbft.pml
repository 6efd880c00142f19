/* One height of LBFT 2.0 with certified impeachment, for spin: agreement in every schedule, and a decision by round f+2
 * once the network is timely (specs/lbft/lbft.md; what is abstracted stands in specs/lbft/model.md).
 *
 * Four validators: 0, 1, 2 are honest, 3 is Byzantine. Its votes, wishes and proposals are steps of Adversary, which may
 * also show any certificate to anybody or to nobody, and which may fall silent at any time, since it need not help.
 * Before `gst` round 1 is entered when anybody likes; after it a next round begins only when nothing else can happen in the
 * last one, which is what a timely network means to a timer. How validators meet in a round is checked in
 * synchroniser.pml. `gst` comes before anybody enters round 2 (guarantee "decision by round f+2").
 *
 * With -DASYNC the network never becomes timely: agreement in rounds 0-2 of every schedule (end states are no errors then).
 * Mutants, each of which spin must refute: -DWEAK_QUORUM and, with -DASYNC, -DNO_LOCK by a fork; -DNOT_FROZEN and -DNO_WAIT by
 * a decision that comes too late; and by a decision that never comes, as a property of time: -DNO_TIMER (no timer of a later round
 * expires), -DNOT_REPLACED (a round whose coordinator is silent is never left), -DNOT_LED (no coordinator proposes in the last
 * round) and -DNO_ANSWER (who has decided tells nobody and who has not is left waiting, L19.1).
 * Bounds: rounds 0-3, blocks 1 (or -DBLOCKS=2 for a proposer that equivocates); deciding later is an assertion.
 */
#ifndef BLOCKS
#define BLOCKS 1
#endif
#define VALUES (BLOCKS + 1)             /* value 0 is the impeach block */
#define ROUNDS 4                        /* rounds 0 .. f+2 */
#define AT(r, x) ((r) * VALUES + (x))
#define BIT(v) (1 << (v))
#ifdef ASYNC
#define EARLY 2                         /* the last round that may begin before the network is timely */
#else
#define EARLY 1
#endif
#define COUNT(m) (((m) & 1) + (((m) >> 1) & 1) + (((m) >> 2) & 1))

#ifdef WEAK_QUORUM
#define QUORUM 2                        /* f+1 */
#else
#define QUORUM 3                        /* 2f+1 (L4.1) */
#endif
#define SURE(m) (COUNT(m) >= QUORUM)            /* honest votes alone are a certificate */
#define CAN(m) (COUNT(m) >= QUORUM - 1)         /* with the Byzantine member's vote they are */

byte prepares[ROUNDS * VALUES];         /* bit v: honest v has cast this P-class vote */
byte commits[ROUNDS * VALUES];
byte round[3];
byte prepared[3];                       /* bit r: own P-class vote in round r */
byte committed[3];                      /* bit r: own C-class vote in round r */
byte high[3];                           /* hc: 1 + round, 0 for none, and its value */
byte highValue[3];
byte entry[3];                          /* ec, frozen on entering a round (L5) */
byte entryValue[3];
byte decision[3];                       /* 1 + value, 0 for none */
bool proposed;                          /* PROPOSE of round 3, whose coordinator is honest; that of round 2 is Byzantine */
byte proposal;                          /* its certificate: 1 + round, 0 for none, and its value */
byte proposalValue;
bool gst;
byte goal;                              /* the round that timers and wishes lead to */

#define DONE(v) (decision[v] != 0)
#define ALL_DONE (DONE(0) && DONE(1) && DONE(2))
#define MAY_PREPARE(v) (!DONE(v) && !((prepared[v] | committed[v]) & BIT(round[v])))

inline prepare(v, x)
{
  prepared[v] = prepared[v] | BIT(round[v]);
  prepares[AT(round[v], x)] = prepares[AT(round[v], x)] | BIT(v)
}

/* L12.4: ec is the highest certificate known of a lower round; L13: round 1 has no leader. */
inline enter(v, r)
{
  assert(r < ROUNDS);                   /* nobody ever needs round f+3 */
  round[v] = r;
  entry[v] = high[v]; entryValue[v] = highValue[v];
  if :: goal < r -> goal = r :: else fi;
  if
  :: r == 1 && entry[v] != 0 -> prepare(v, entryValue[v])
  :: r == 1 && entry[v] == 0 -> prepare(v, 0)
  :: else
  fi
}

/* L10: hc rises; the certificate of a later round is a way into it; one C-class vote a round, for its certificate. */
inline learn(v, r, x)
{
  if
  :: r > round[v] ->
     assert(r < ROUNDS);
     round[v] = r; entry[v] = high[v]; entryValue[v] = highValue[v];
     if :: goal < r -> goal = r :: else fi
  :: else
  fi;
  if :: high[v] < r + 1 -> high[v] = r + 1; highValue[v] = x :: else fi;
  if
  :: r == round[v] && !(committed[v] & BIT(r)) ->
     committed[v] = committed[v] | BIT(r);
     commits[AT(r, x)] = commits[AT(r, x)] | BIT(v)
  :: else
  fi
}

inline decide(v, x)
{
  decision[v] = x + 1;
  assert(!DONE(0) || decision[0] == x + 1);     /* agreement */
  assert(!DONE(1) || decision[1] == x + 1);
  assert(!DONE(2) || decision[2] == x + 1)
}

/* L14.3; 1 + round of the certificate behind the proposal, 0 for none. */
#ifdef NO_LOCK
#define ACCEPTS(v, x, c) (true)
#else
#ifdef NOT_FROZEN
#define ACCEPTS(v, x, c) (high[v] == 0 || (c) >= high[v] || (x) == highValue[v])
#else
#define ACCEPTS(v, x, c) (entry[v] == 0 || (c) >= entry[v] || (x) == entryValue[v])
#endif
#endif

/* L14.2: STATUS of all who can answer; each carries its sender's entry certificate. */
#ifdef NO_WAIT
#define HEARD(r) (true)
#else
#define HEARD(r) ((DONE(0) || round[0] >= r) && (DONE(1) || round[1] >= r) && (DONE(2) || round[2] >= r))
#endif

inline propose()
{
  proposal = high[0]; proposalValue = highValue[0];
#ifndef NO_WAIT
  if :: entry[1] > proposal -> proposal = entry[1]; proposalValue = entryValue[1] :: else fi;
  if :: entry[2] > proposal -> proposal = entry[2]; proposalValue = entryValue[2] :: else fi;
#endif
  proposed = true
}

/* What an honest validator does in the end, since messages between honest validators arrive in the end. */
#define SEES_PREPARES(v, r, x) (SURE(prepares[AT(r, x)]) && (r) >= round[v] && !(committed[v] & BIT(r)))
#define HEARS_HIGH(v, w) (gst && high[w] > high[v])
#ifdef NO_ANSWER
#define HEARS_DECISION(v, w) (false)
#else
#define HEARS_DECISION(v, w) (gst && DONE(w))
#endif
#define TAKES(v) (round[v] == 3 && proposed && MAY_PREPARE(v) && ACCEPTS(v, proposalValue, proposal))
#ifdef NOT_LED
#define COORDINATES (false)
#else
#define COORDINATES (!DONE(0) && round[0] == 3 && !proposed && HEARD(3))
#endif

#if BLOCKS > 1
#define SEES_ANY(v) (SEES_B(v) || SEES_PREPARES(v, 0, 2) || SEES_PREPARES(v, 1, 2) || SEES_PREPARES(v, 2, 2) || SEES_PREPARES(v, 3, 2))
#define SURE_ANY (SURE_B || SURE(commits[AT(0, 2)]) || SURE(commits[AT(1, 2)]) || SURE(commits[AT(2, 2)]) || SURE(commits[AT(3, 2)]))
#else
#define SEES_ANY(v) SEES_B(v)
#define SURE_ANY SURE_B
#endif
#define SEES_B(v) (SEES_PREPARES(v, 0, 1) || SEES_PREPARES(v, 1, 0) || SEES_PREPARES(v, 1, 1) || SEES_PREPARES(v, 2, 0) \
  || SEES_PREPARES(v, 2, 1) || SEES_PREPARES(v, 3, 0) || SEES_PREPARES(v, 3, 1))
#define SURE_B (SURE(commits[AT(0, 1)]) || SURE(commits[AT(1, 0)]) || SURE(commits[AT(1, 1)]) || SURE(commits[AT(2, 0)]) \
  || SURE(commits[AT(2, 1)]) || SURE(commits[AT(3, 0)]) || SURE(commits[AT(3, 1)]))
#define URGENT(v) (!DONE(v) && (SEES_ANY(v) || SURE_ANY || HEARS_HIGH(v, 0) || HEARS_HIGH(v, 1) || HEARS_HIGH(v, 2) \
  || HEARS_DECISION(v, 0) || HEARS_DECISION(v, 1) || HEARS_DECISION(v, 2)))
#define PREPARES(v) (round[v] == 0 && MAY_PREPARE(v))
#define ENTERS(v) (!DONE(v) && gst && round[v] < goal)
#define PENDING(v) (URGENT(v) || PREPARES(v) || ENTERS(v) || TAKES(v))

/* Once the network is timely, steps that commute with all that others do meanwhile are taken in one order: certificates
 * and decisions first, then each validator in turn. What the adversary shows to a validator matters to that validator's
 * next entry or vote only, and is possible until then. */
#define CALM (!gst || (!URGENT(0) && !URGENT(1) && !URGENT(2)))
#define FIRST(v) (!gst || (v == 0 || !URGENT(0)) && (v != 2 || !URGENT(1)))
#define TURN(v) (!gst || CALM && (v == 0 || !PENDING(0)) && (v != 2 || !PENDING(1)))

#define SEES(v, r, x) \
  :: atomic { !DONE(v) && SEES_PREPARES(v, r, x) && FIRST(v) -> learn(v, r, x) } \
  :: atomic { !DONE(v) && SURE(commits[AT(r, x)]) && FIRST(v) -> decide(v, x) }
#define HEARS(v, w) \
  :: atomic { !DONE(v) && HEARS_HIGH(v, w) && FIRST(v) -> learn(v, high[w] - 1, highValue[w]) } \
  :: atomic { !DONE(v) && HEARS_DECISION(v, w) && FIRST(v) -> decide(v, decision[w] - 1) }

/* Validators 1 and 2 are alike: the first of them to prepare in round 0 is called 1. */
#define IN_ORDER(v) (v != 2 || (prepared[1] & 1))

proctype Honest(byte v)
{
  do
  :: atomic { PREPARES(v) && (IN_ORDER(v) || gst) && TURN(v) -> prepare(v, 1) }
#if BLOCKS > 1
  :: atomic { PREPARES(v) && (IN_ORDER(v) || gst) && TURN(v) -> prepare(v, 2) }
#endif
  SEES(v, 0, 1) SEES(v, 1, 0) SEES(v, 1, 1) SEES(v, 2, 0) SEES(v, 2, 1) SEES(v, 3, 0) SEES(v, 3, 1)
#if BLOCKS > 1
  SEES(v, 0, 2) SEES(v, 1, 2) SEES(v, 2, 2) SEES(v, 3, 2)
#endif
  HEARS(v, 0) HEARS(v, 1) HEARS(v, 2)
  :: atomic { ENTERS(v) && TURN(v) -> enter(v, goal) }
  :: atomic { TAKES(v) && TURN(v) -> prepare(v, proposalValue) }
  :: atomic { v == 0 && COORDINATES && CALM -> propose() }
  :: atomic { ALL_DONE -> break }
  od
}

/* The last round whose timer expires once the network is timely. */
#if defined(NO_TIMER)
#define TICKS (false)
#elif defined(NOT_REPLACED)
#define TICKS (goal < 2)
#elif defined(NOT_LED) || defined(NO_ANSWER)
#define TICKS (goal < ROUNDS - 1)       /* so that the claim refutes them, not the bound on rounds */
#else
#define TICKS (true)
#endif

/* Timers: whenever they like before gst, only once the round is quiet after it. */
proctype Clock()
{
  do
  :: atomic { !gst && goal < EARLY -> goal = goal + 1 }
#ifndef ASYNC
  :: atomic { !gst -> gst = true }
#endif
  :: atomic { gst && !ALL_DONE && !PENDING(0) && !PENDING(1) && !PENDING(2) && !COORDINATES && TICKS -> goal = goal + 1; assert(goal < ROUNDS) }
  :: atomic { ALL_DONE -> break }
  od
}

/* What the Byzantine member makes possible for validator v; none of it is owed to anybody. */
#define SHOWS(v, r, x) \
  :: atomic { CALM && !DONE(v) && CAN(prepares[AT(r, x)]) && r >= round[v] && (r <= EARLY || gst) && !(committed[v] & BIT(r)) -> learn(v, r, x) } \
  :: atomic { CALM && !DONE(v) && CAN(prepares[AT(r, x)]) && r < round[v] && high[v] < r + 1 -> learn(v, r, x) } \
  :: atomic { CALM && !DONE(v) && CAN(commits[AT(r, x)]) -> decide(v, x) }
#define PROPOSES(v, x, c) \
  :: atomic { CALM && round[v] == 2 && MAY_PREPARE(v) && CAN(prepares[AT(c - 1, x)]) && ACCEPTS(v, x, c) -> prepare(v, x) }
#define TEMPTS(v) \
  SHOWS(v, 0, 1) SHOWS(v, 1, 0) SHOWS(v, 1, 1) SHOWS(v, 2, 0) SHOWS(v, 2, 1) SHOWS(v, 3, 0) SHOWS(v, 3, 1) \
  PROPOSES(v, 1, 1) PROPOSES(v, 0, 2) PROPOSES(v, 1, 2) \
  :: atomic { CALM && round[v] == 2 && MAY_PREPARE(v) && ACCEPTS(v, 0, 0) -> prepare(v, 0) } \
  :: atomic { !DONE(v) && !gst && round[v] < goal -> enter(v, goal) }

proctype Adversary()
{
  do
  TEMPTS(0) TEMPTS(1) TEMPTS(2)
#if BLOCKS > 1
  SHOWS(0, 0, 2) SHOWS(0, 1, 2) SHOWS(0, 2, 2) SHOWS(1, 0, 2) SHOWS(1, 1, 2) SHOWS(1, 2, 2) SHOWS(2, 0, 2) SHOWS(2, 1, 2) SHOWS(2, 2, 2)
#endif
  :: break                              /* it may fall silent at any time */
  od
}

init
{
  atomic { run Honest(0); run Honest(1); run Honest(2); run Clock(); run Adversary() }
}

/* Every step makes progress that is never undone, so a run without a decision would end in an invalid end state, which the
 * search for safety reports; with weak fairness the same is checked as a property of time. */
ltl decided { <> ALL_DONE }

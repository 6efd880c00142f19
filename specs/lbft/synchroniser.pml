/* How validators meet in a round (L12), for spin: wishes of 2f+1 enter a round, f+1 wishes for a round from 2 on are joined.
 *
 * Four validators: 0, 1, 2 are honest, 3 is Byzantine and wishes for anything to anybody, or for nothing. Timers expire when
 * they like. Checked: round 1 is entered only after f+1 honest timers (no impeachment on demand); nobody runs away alone;
 * and, with weak fairness of the honest validators, all of them come to the last round.
 *
 * Mutants, each of which spin must refute: -DAMPLIFY_ONE (f+1 wishes for round 1 are joined), -DOWN_TIMER (the own timer
 * alone enters the next round); and, as a property of time: -DNO_TIMER (timers of rounds from 1 on do not expire), -DEXACT_WISH (a
 * wish counts for its own round and not for lower ones, against L12.2).
 */
#ifndef ROUNDS
#define ROUNDS 3                        /* rounds 0 .. ROUNDS */
#endif
byte round[3];
byte wish[3];
bool timedOut[3];                       /* its own T0 has expired */

#ifdef EXACT_WISH
#define WISHING(q) ((wish[0] == (q)) + (wish[1] == (q)) + (wish[2] == (q)))
#else
#define WISHING(q) ((wish[0] >= (q)) + (wish[1] >= (q)) + (wish[2] >= (q)))
#endif
#define TIMED_OUT (timedOut[0] + timedOut[1] + timedOut[2])

inline enter(v, r)
{
  round[v] = r;
  if :: wish[v] < r -> wish[v] = r :: else fi;
  assert(TIMED_OUT >= 2);               /* f+1 honest timers of round 0 */
  assert(WISHING(r) >= 2)               /* f+1 honest validators wish for the round */
}

#ifdef NO_TIMER
#define EXPIRES(v) (round[v] == 0)
#else
#define EXPIRES(v) (round[v] < ROUNDS)
#endif

#ifdef AMPLIFY_ONE
#define LOWEST 1
#else
#define LOWEST 2
#endif

/* `help` is 1 where the Byzantine member's wish is shown to the validator. */
#define JOINS(v, q, help) :: atomic { q >= LOWEST && wish[v] < q && WISHING(q) >= 1 && WISHING(q) + help >= 2 -> wish[v] = q }
#define GOES(v, q, help) :: atomic { round[v] < q && WISHING(q) + help >= 3 -> enter(v, q) }

proctype Honest(byte v)
{
end:
  do
#ifdef OWN_TIMER
  :: atomic { round[v] < ROUNDS -> if :: round[v] == 0 -> timedOut[v] = true :: else fi; enter(v, round[v] + 1) }
#else
  :: atomic { EXPIRES(v) && (wish[v] <= round[v] || round[v] == 0 && !timedOut[v]) ->
     if :: round[v] == 0 -> timedOut[v] = true :: else fi;
     if :: wish[v] <= round[v] -> wish[v] = round[v] + 1 :: else fi }
#endif
  JOINS(v, 1, 0) JOINS(v, 2, 0) JOINS(v, 3, 0) GOES(v, 1, 0) GOES(v, 2, 0) GOES(v, 3, 0)
  od
}

proctype Byzantine()
{
end:
  do
  JOINS(0, 1, 1) JOINS(0, 2, 1) JOINS(0, 3, 1) GOES(0, 1, 1) GOES(0, 2, 1) GOES(0, 3, 1)
  JOINS(1, 1, 1) JOINS(1, 2, 1) JOINS(1, 3, 1) GOES(1, 1, 1) GOES(1, 2, 1) GOES(1, 3, 1)
  JOINS(2, 1, 1) JOINS(2, 2, 1) JOINS(2, 3, 1) GOES(2, 1, 1) GOES(2, 2, 1) GOES(2, 3, 1)
  :: break
  od
}

init
{
  atomic { run Honest(0); run Honest(1); run Honest(2); run Byzantine() }
}

ltl progress { <> (round[0] == ROUNDS && round[1] == ROUNDS && round[2] == ROUNDS) }

---------------------------- MODULE LbftHeight ----------------------------
(***************************************************************************)
(* One height of LBFT 2.0 with certified impeachment: what honest members  *)
(* may say in which order, whatever the network and f others do.           *)
(*                                                                         *)
(* Rule numbers are those of lbft.md; every action names its rule.  What   *)
(* honest members have said is a growing set of statements.  Byzantine     *)
(* members have said everything in advance: they count F in every quorum.  *)
(* Whatever can be certified that way may be shown to anybody at any time, *)
(* or never.  Blocks has one element for an honest proposer, two for one   *)
(* that equivocates.  Left out: signatures, real time, and deciding (a     *)
(* member that has decided is one that does nothing more here; Agreement   *)
(* speaks of all certificates that can be made).                           *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, TLC

CONSTANTS
    Honest,     \* the honest members of V(h), 2F+1 of them
    F,          \* as many others may do anything
    Blocks,     \* what the proposer has sealed, valid all of it
    Impeach,    \* I_h, the impeach block (L2.2)
    MaxRound,   \* rounds 0 .. MaxRound are looked at
    FreeEntry,  \* TRUE: any round at any time, which is more than any synchroniser does; FALSE: L12
    Suffix,     \* TRUE: the network becomes timely before anybody enters round 2
    Leader,     \* the honest coordinator of the rounds in LedRounds; in all others it is Byzantine (L14)
    LedRounds,
    Weakened    \* names of rules left out on purpose, as `cpchain model weakenings` calls them; {} for LBFT

ASSUME /\ F \in Nat /\ MaxRound \in Nat
       /\ Cardinality(Honest) = 2 * F + 1
       /\ Impeach \notin Blocks
       /\ FreeEntry \in BOOLEAN /\ Suffix \in BOOLEAN /\ ~(Suffix /\ FreeEntry)
       /\ Leader \in Honest /\ LedRounds \subseteq 2 .. MaxRound

VARIABLES
    said,       \* statements of honest members: votes of both classes
    round,      \* r of each of them (L5)
    ec,         \* certificate of entering r, frozen in r (L5)
    hc,         \* highest P-certificate known (L5)
    body,       \* blocks whose body and result are durable at the member (L16)
    wish,       \* highest own WISH (L12)
    grounds,    \* members whose own T0 expired, or that hold an illicit block: both only let them wish (L9.1, L12.1)
    proposed,   \* PROPOSE of the rounds in LedRounds (L14.2)
    timely      \* from here on messages arrive before timers expire

vars == <<said, round, ec, hc, body, wish, grounds, proposed, timely>>

Rounds == 0 .. MaxRound
Values == Blocks \cup {Impeach}

\* A certificate is <<round, value>>. Having none is <<-1, I_h>>: what one votes for or proposes then (L13, L14.2).
NoCertificate == <<-1, Impeach>>
Certificates == (Rounds \X Values) \cup {NoCertificate}
NotYet == <<-2, Impeach>>

Statements == [by : Honest, class : {"P", "C"}, round : Rounds, value : Values, valid : -1 .. MaxRound]

Max(a, b) == IF a >= b THEN a ELSE b
Higher(c, d) == IF c[1] >= d[1] THEN c ELSE d

---------------------------------------------------------------------------
(* Counting (L4).                                                          *)

Quorum == IF "weak-quorum-decides" \in Weakened THEN F + 1 ELSE 2 * F + 1

\* L4.2: statements of one round and class only; by distinct member (L4.1).
CountsIn(s, r) == s.round = r \/ "all-rounds-counted-together" \in Weakened
Voters(class, r, x) ==
    {v \in Honest : \E s \in said : s.by = v /\ s.class = class /\ s.value = x /\ CountsIn(s, r)}

IsVoid(r, x) == r = 0 /\ x = Impeach                                                    \* L4.3
CanBeMade(class, r, x) == ~IsVoid(r, x) /\ Cardinality(Voters(class, r, x)) + F >= Quorum  \* with help of the Byzantine
IsSure(class, r, x) == ~IsVoid(r, x) /\ Cardinality(Voters(class, r, x)) >= Quorum         \* without any

Prepared(r, x) == CanBeMade("P", r, x)
Committed(r, x) == CanBeMade("C", r, x)

\* L12.2: wish >= round always, so the wishes speak for votes, STATUS and PROPOSE as well.
Wishing(q) == Cardinality({v \in Honest : wish[v] >= q})

---------------------------------------------------------------------------
(* What one member may do.                                                 *)

HasSaid(v, class) == \E s \in said : s.by = v /\ s.class = class /\ s.round = round[v]
MayPrepare(v) == /\ ~HasSaid(v, "P")
                 /\ ~HasSaid(v, "C") \/ "vote-after-commit" \in Weakened                 \* L10.3
Holds(v, x) == x = Impeach \/ x \in body[v]

Vote(v, class, x, valid) ==
    said' = said \cup {[by |-> v, class |-> class, round |-> round[v], value |-> x, valid |-> valid]}

Init ==
    /\ said = {}
    /\ round = [v \in Honest |-> 0]
    /\ ec = [v \in Honest |-> NoCertificate]
    /\ hc = [v \in Honest |-> NoCertificate]
    /\ body = [v \in Honest |-> {}]
    /\ wish = [v \in Honest |-> 0]
    /\ grounds = {}
    /\ proposed = [r \in LedRounds |-> NotYet]
    /\ timely = FALSE

\* L9: PREPARE for an executed block of the proposer. Timely or not (L9.2) is as the adversary likes it.
Prepare(v, b) ==
    /\ round[v] = 0 /\ MayPrepare(v)
    /\ body' = IF "body-not-durable" \in Weakened THEN body ELSE [body EXCEPT ![v] = @ \cup {b}]   \* L9.3
    /\ Vote(v, "P", b, -1)
    /\ UNCHANGED <<round, ec, hc, wish, grounds, proposed, timely>>

\* L10.1: a P-certificate of a higher round than any known; one of a later round is a way into it (L12.4).
CanLearn(v, r, x) == Prepared(r, x) /\ r > hc[v][1]
Learn(v, r, x) ==
    /\ CanLearn(v, r, x)
    /\ (Suffix /\ ~timely) => r < 2
    /\ hc' = [hc EXCEPT ![v] = <<r, x>>]
    /\ round' = [round EXCEPT ![v] = Max(@, r)]
    /\ ec' = IF r > round[v] THEN [ec EXCEPT ![v] = hc[v]] ELSE ec
    /\ wish' = IF FreeEntry THEN wish ELSE [wish EXCEPT ![v] = Max(@, r)]
    /\ UNCHANGED <<said, body, grounds, proposed, timely>>

\* L16: the body that a certificate names, from an honest member that made it durable. A body fetched on f+1 PREPAREs
\* would change no vote; one from a Byzantine member comes no earlier, since a certificate implies honest holders.
CanFetch(v, b) == hc[v][2] = b /\ b \notin body[v] /\ \E w \in Honest : b \in body[w]
Fetch(v, b) ==
    /\ CanFetch(v, b)
    /\ body' = [body EXCEPT ![v] = @ \cup {b}]
    /\ UNCHANGED <<said, round, ec, hc, wish, grounds, proposed, timely>>

\* L10.2: the C-class vote for what is certified in the own round, whatever this member prepared.
CanCommit(v) == hc[v][1] = round[v] /\ ~HasSaid(v, "C") /\ Holds(v, hc[v][2])
Commit(v) ==
    /\ CanCommit(v)
    /\ Vote(v, "C", hc[v][2], -1)
    /\ UNCHANGED <<round, ec, hc, body, wish, grounds, proposed, timely>>

\* L12.1: an own timer only makes a member wish. In a timely network (T_r of L15) nothing is left to do by then.
CanExpire(v) == /\ ~FreeEntry /\ round[v] < MaxRound
                /\ wish[v] <= round[v] \/ (round[v] = 0 /\ v \notin grounds)
Expire(v) ==
    /\ CanExpire(v)
    /\ wish' = [wish EXCEPT ![v] = Max(@, round[v] + 1)]
    /\ grounds' = IF round[v] = 0 THEN grounds \cup {v} ELSE grounds
    /\ UNCHANGED <<said, round, ec, hc, body, proposed, timely>>

\* L12.3: f+1 wishes for a round from 2 on are joined; `help` is F where Byzantine wishes are shown, else 0.
CanAmplify(v, q, help) ==
    /\ ~FreeEntry
    /\ q >= IF "wish-one-amplified" \in Weakened THEN 1 ELSE 2
    /\ wish[v] < q /\ Wishing(q) + help >= F + 1
Amplify(v, q, help) ==
    /\ CanAmplify(v, q, help)
    /\ wish' = [wish EXCEPT ![v] = q]
    /\ UNCHANGED <<said, round, ec, hc, body, grounds, proposed, timely>>

\* L12.4: 2f+1 wishes lead into the round; the highest certificate known becomes that of the entry.
CanEnter(v, q, help) == round[v] < q /\ (FreeEntry \/ Wishing(q) + help >= 2 * F + 1)
Enter(v, q, help) ==
    /\ CanEnter(v, q, help)
    /\ (Suffix /\ ~timely) => q < 2
    /\ round' = [round EXCEPT ![v] = q]
    /\ ec' = [ec EXCEPT ![v] = hc[v]]
    /\ wish' = IF FreeEntry THEN wish ELSE [wish EXCEPT ![v] = Max(@, q)]
    /\ UNCHANGED <<said, hc, body, grounds, proposed, timely>>

\* L13: round 1 has no leader. Not if its certificate was the way in (L12.4).
CanVoteInRoundOne(v) == round[v] = 1 /\ hc[v][1] < 1 /\ MayPrepare(v)
VoteInRoundOne(v) ==
    /\ CanVoteInRoundOne(v)
    /\ LET c == IF "round-one-forgets-certificate" \in Weakened THEN NoCertificate ELSE ec[v]
       IN  Vote(v, "P", c[2], c[1])
    /\ UNCHANGED <<round, ec, hc, body, wish, grounds, proposed, timely>>

\* L14.1, L14.2: the coordinator proposes the highest certificate it knows now. In a timely network it has everybody's
\* STATUS by then, hence everybody's ec.
CanPropose(r) ==
    /\ round[Leader] = r /\ proposed[r] = NotYet /\ hc[Leader][1] < r
    /\ timely => \A w \in Honest : round[w] >= r /\ (round[w] = r => ec[w][1] <= hc[Leader][1])
Propose(r) ==
    /\ CanPropose(r)
    /\ proposed' = [proposed EXCEPT ![r] = hc[Leader]]
    /\ UNCHANGED <<said, round, ec, hc, body, wish, grounds, timely>>

\* L14.3: well-formed, and acceptable to what the member knew on entering.
IsProposed(r, c) ==
    IF r \in LedRounds THEN proposed[r] = c
    ELSE c = NoCertificate \/ (c[1] \in 0 .. (r - 1) /\ Prepared(c[1], c[2]))
Accepts(v, c) ==
    \/ ec[v] = NoCertificate
    \/ c[1] >= ec[v][1]
    \/ c[2] = ec[v][2]
    \/ "no-lock" \in Weakened
CanAccept(v, c) == round[v] >= 2 /\ MayPrepare(v) /\ IsProposed(round[v], c) /\ Accepts(v, c)

\* L14.4: the voter signs its own justification. The certificate with the PROPOSE is known from now on (L10.1).
OwnValid(v, c) ==
    IF c[2] = ec[v][2] /\ "own-justification-not-signed" \notin Weakened THEN Max(ec[v][1], c[1]) ELSE c[1]
Accept(v, c) ==
    /\ CanAccept(v, c)
    /\ Vote(v, "P", c[2], OwnValid(v, c))
    /\ hc' = [hc EXCEPT ![v] = Higher(@, c)]
    /\ UNCHANGED <<round, ec, body, wish, grounds, proposed, timely>>

---------------------------------------------------------------------------
(* The timely suffix.                                                      *)

\* What an honest member does without anybody's help; the reasons are honest votes, wishes and certificates that honest
\* members hold, which arrive in the end (L10.2, L12.1, L15). PREPARE is not among them: the proposer owes nothing.
LearnsSurely(v, r, x) == (IsSure("P", r, x) \/ \E w \in Honest : hc[w] = <<r, x>>) /\ CanLearn(v, r, x)
AcceptsLeader(v, c) == round[v] \in LedRounds /\ CanAccept(v, c)

IsQuiet ==
    /\ \A v \in Honest :
        /\ ~CanCommit(v) /\ ~CanVoteInRoundOne(v)
        /\ \A b \in Blocks : ~CanFetch(v, b)
        /\ \A q \in Rounds : /\ ~CanAmplify(v, q, 0) /\ ~CanEnter(v, q, 0)
                             /\ \A x \in Values : ~LearnsSurely(v, q, x)
        /\ \A c \in Certificates : ~AcceptsLeader(v, c)
    /\ \A r \in LedRounds : ~CanPropose(r)

ExpireInTime(v) == (timely => IsQuiet) /\ Expire(v)

BecomeTimely ==
    /\ Suffix /\ ~timely
    /\ timely' = TRUE
    /\ UNCHANGED <<said, round, ec, hc, body, wish, grounds, proposed>>

---------------------------------------------------------------------------
Next ==
    \/ \E v \in Honest :
        \/ \E b \in Blocks : Prepare(v, b) \/ Fetch(v, b)
        \/ \E r \in Rounds, x \in Values : Learn(v, r, x)
        \/ Commit(v)
        \/ ExpireInTime(v)
        \/ \E q \in Rounds : Amplify(v, q, F) \/ Enter(v, q, F)
        \/ VoteInRoundOne(v)
        \/ \E c \in Certificates : Accept(v, c)
    \/ \E r \in LedRounds : Propose(r)
    \/ BecomeTimely

Spec == Init /\ [][Next]_vars

\* Weak fairness of what honest members owe each other; nothing that a Byzantine member makes possible is owed.
Fairness ==
    /\ WF_vars(BecomeTimely)
    /\ \A r \in LedRounds : WF_vars(Propose(r))
    /\ \A v \in Honest :
        /\ WF_vars(Commit(v))
        /\ WF_vars(ExpireInTime(v))
        /\ WF_vars(VoteInRoundOne(v))
        /\ \A b \in Blocks : WF_vars(Fetch(v, b))
        /\ \A q \in Rounds : WF_vars(Amplify(v, q, 0)) /\ WF_vars(Enter(v, q, 0))
        /\ \A r \in Rounds, x \in Values : WF_vars(LearnsSurely(v, r, x) /\ Learn(v, r, x))
        /\ \A c \in Certificates : WF_vars(AcceptsLeader(v, c) /\ Accept(v, c))

FairSpec == Spec /\ Fairness

\* Members in equal states are interchangeable; only where nobody leads, and never for properties of time.
Alike == Permutations(Honest) \cup Permutations(Blocks)

---------------------------------------------------------------------------
(* What must hold.                                                         *)

TypeOK ==
    /\ said \subseteq Statements
    /\ round \in [Honest -> Rounds]
    /\ ec \in [Honest -> Certificates] /\ hc \in [Honest -> Certificates]
    /\ body \in [Honest -> SUBSET Blocks]
    /\ wish \in [Honest -> Rounds] /\ grounds \subseteq Honest
    /\ \A r \in LedRounds : proposed[r] \in Certificates \cup {NotYet}
    /\ timely \in BOOLEAN

\* Two C-certificates of a height name one value, in whatever rounds (guarantee "agreement").
Agreement ==
    \A q, r \in Rounds : \A x, y \in Values : Committed(q, x) /\ Committed(r, y) => x = y

\* Otherwise L20 would raise an alarm.
OneCertificatePerRound ==
    \A r \in Rounds : \A x, y \in Values : Prepared(r, x) /\ Prepared(r, y) => x = y

\* L16: a certified body is durable at f+1 honest members, whatever round the certificate is of.
BodyHeld ==
    \A r \in Rounds : \A b \in Blocks :
        Prepared(r, b) => Cardinality({v \in Honest : b \in body[v]}) >= F + 1

\* E1, E2, E3 of L22.2 on two statements of one signer (E4, E5: nobody honest makes a second seal or PROPOSE).
Convicts(s, t) ==
    /\ s.by = t.by /\ s # t
    /\ \/ s.class = t.class /\ s.round = t.round
       \/ s.class = "C" /\ t.class = "P" /\ t.valid < s.round /\ s.round < t.round
NoFalseEvidence == \A s, t \in said : ~Convicts(s, t)

\* Guarantee "no impeachment on demand": round 1 and beyond need f+1 honest members with grounds of their own.
ImpeachmentEarned ==
    FreeEntry \/ ((\E v \in Honest : round[v] >= 1) => Cardinality(grounds) >= F + 1)

\* No certificate for I_h in a round that f+1 honest members entered with the certificate of a block, unless a newer one
\* for I_h exists.
EnteredWithBlock(r) == {v \in Honest : round[v] = r /\ ec[v][2] \in Blocks}
CertifiedBlockStands ==
    \A r \in 1 .. MaxRound :
        (/\ Cardinality(EnteredWithBlock(r)) >= F + 1
         /\ \A v \in EnteredWithBlock(r) : \A q \in Rounds : ec[v][1] < q /\ q < r => ~Prepared(q, Impeach))
        => ~Prepared(r, Impeach)

\* ec and hc never run ahead of the round, and the wish never stays behind it.
InOrder ==
    \A v \in Honest : /\ ec[v][1] <= hc[v][1] /\ hc[v][1] <= round[v]
                      /\ round[v] > 0 => ec[v][1] < round[v]
                      /\ FreeEntry \/ round[v] <= wish[v]

\* Guarantee "progress": with Suffix and an honest coordinator in round f+2, a decision without Byzantine help. A member
\* that decides earlier with such help answers the others with the certificate (L11, L19.1), and they have decided too.
Decided == \E r \in Rounds : \E x \in Values : IsSure("C", r, x)
Progress == <>Decided
===========================================================================

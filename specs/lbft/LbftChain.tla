----------------------------- MODULE LbftChain -----------------------------
(***************************************************************************)
(* A chain of heights decided by LBFT 2.0: final blocks, members that are  *)
(* behind, changes of the validator set, restarts with the journal and     *)
(* without it.                                                             *)
(*                                                                         *)
(* LbftHeight shows that a height is safe while members remember what they *)
(* have said.  Here a height is one vote per member, which stands for all  *)
(* that a member says there and which it remembers in its journal; what is *)
(* shown is that nobody forgets it at the wrong time.  A value is the      *)
(* chain that it extends (L2.1: a header hash names its past).  Byzantine  *)
(* members have voted for everything and answer whatever they like; what   *)
(* is certified may be shown to anybody at any time, or never.             *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, Sequences, TLC

CONSTANTS
    First,      \* V(h) below ChangeAt, 3F+1 members
    Second,     \* V(h) from ChangeAt on (L21)
    Byzantine,  \* at most F of each
    F,
    ChangeAt,
    Blocks,     \* the values of a height, the impeach block among them
    MaxHeight,
    MaxLost,    \* how many journals may be lost in all
    Margin,     \* muteThrough is M + Margin; LBFT has 2 (L18)
    Weakened    \* names of rules left out on purpose; {} for LBFT

ASSUME /\ F \in Nat /\ MaxHeight \in Nat /\ MaxLost \in Nat /\ Margin \in Nat
       /\ Cardinality(First) = 3 * F + 1 /\ Cardinality(Second) = 3 * F + 1
       /\ Cardinality(First \cap Byzantine) <= F /\ Cardinality(Second \cap Byzantine) <= F
       /\ ChangeAt >= 4                                         \* a set lasts at least three heights (L21)

VARIABLES
    said,       \* what honest members have voted for, for good: <<member, chain>>
    ledger,     \* the final chain of each honest member
    journal,    \* the vote at the open height that is durable, <<>> for none (L17.1)
    mute,       \* muteThrough (L18)
    inquiry,    \* the answers to HEAD-QUERY of a member that lost its journal
    lost,       \* journals lost so far
    halted      \* members that have raised an alarm (L20)

vars == <<said, ledger, journal, mute, inquiry, lost, halted>>

Honest == (First \cup Second) \ Byzantine
Quorum == 2 * F + 1
Heights == 1 .. MaxHeight
Forever == MaxHeight + Margin + 1

Members(h) == IF h < ChangeAt THEN First ELSE Second            \* L21: a function of the height's final past
IsOneSet(g, h) == (g < ChangeAt) = (h < ChangeAt)

Chains == UNION {[1 .. h -> Blocks] : h \in 0 .. MaxHeight}
Head(v) == Len(ledger[v])
Open(v) == Head(v) + 1
IsPrefix(s, t) == Len(s) <= Len(t) /\ \A i \in 1 .. Len(s) : s[i] = t[i]
Max(a, b) == IF a >= b THEN a ELSE b

\* L4.1 and L21: 2F+1 members of V(height) and nobody else; the Byzantine ones among them sign anything.
Signers(c) == {v \in Members(Len(c)) : v \in Byzantine \/ <<v, c>> \in said}
Certified(c) == Cardinality(Signers(c)) >= Quorum

NotAsking == [open |-> FALSE, from |-> {}, highest |-> 0]
Asking == [open |-> TRUE, from |-> {}, highest |-> 0]

\* L18, L19.2, L20
MayVote(v) == /\ v \in Members(Open(v)) /\ Open(v) <= MaxHeight
              /\ Open(v) > mute[v] /\ v \notin halted

Init ==
    /\ said = {}
    /\ ledger = [v \in Honest |-> <<>>]
    /\ journal = [v \in Honest |-> <<>>]
    /\ mute = [v \in Honest |-> 0]
    /\ inquiry = [v \in Honest |-> NotAsking]
    /\ lost = 0
    /\ halted = {}

\* L17.1: what is going to be signed is durable first. One vote a height (L9.4, L10.3).
Intend(v, b) ==
    /\ MayVote(v) /\ journal[v] = <<>>
    /\ journal' = [journal EXCEPT ![v] = Append(ledger[v], b)]
    /\ UNCHANGED <<said, ledger, mute, inquiry, lost, halted>>

\* L17.1, L17.2: then it is signed and sent, at once or after a restart, any number of times.
Send(v) ==
    /\ MayVote(v) /\ journal[v] # <<>>
    /\ said' = said \cup {<<v, journal[v]>>}
    /\ UNCHANGED <<ledger, journal, mute, inquiry, lost, halted>>

\* Answers are counted by seat: where the set changes they start anew (L18, L21).
InquiryAfter(v, h) ==
    IF inquiry[v].open /\ ~IsOneSet(Open(v), h + 1) THEN Asking ELSE inquiry[v]

\* L11: a C-certificate of the open height is final; its journal is of no use any more (L17.2).
Finalize(v, b) ==
    /\ v \notin halted /\ Open(v) <= MaxHeight
    /\ Certified(Append(ledger[v], b))
    /\ ledger' = [ledger EXCEPT ![v] = Append(@, b)]
    /\ journal' = [journal EXCEPT ![v] = <<>>]
    /\ inquiry' = [inquiry EXCEPT ![v] = InquiryAfter(v, Open(v))]
    /\ UNCHANGED <<said, mute, lost, halted>>

\* L19: who is behind imports what others have final, certificate by certificate, and votes nowhere between (L19.2).
\* Every certificate is judged by the set of its own height; a Byzantine peer can offer no other chains than these.
CatchUp(v, w) ==
    /\ v \notin halted /\ Head(w) > Open(v)
    /\ IsPrefix(ledger[v], ledger[w])
    /\ \A h \in Open(v) .. Head(w) : Certified(SubSeq(ledger[w], 1, h))
    /\ ledger' = [ledger EXCEPT ![v] = ledger[w]]
    /\ journal' = [journal EXCEPT ![v] = <<>>]
    /\ inquiry' = [inquiry EXCEPT ![v] = InquiryAfter(v, Head(w))]
    /\ UNCHANGED <<said, mute, lost, halted>>

\* L17.2: the journal is kept, so nothing is lost but the answers of an inquiry that had not ended.
RestartKept(v) ==
    /\ inquiry[v].open /\ inquiry[v].from # {}
    /\ inquiry' = [inquiry EXCEPT ![v] = Asking]
    /\ UNCHANGED <<said, ledger, journal, mute, lost, halted>>

\* L18: the journal and the signer's record are gone, and the ledger is as old as the backup. Mute until it is known
\* what may have been signed; what was sent stays sent.
RestartLost(v, h) ==
    /\ lost < MaxLost /\ h \in 0 .. Head(v)
    /\ lost' = lost + 1
    /\ ledger' = [ledger EXCEPT ![v] = SubSeq(@, 1, h)]
    /\ journal' = [journal EXCEPT ![v] = <<>>]
    /\ IF "restored-backup-speaks" \in Weakened
       THEN mute' = [mute EXCEPT ![v] = 0] /\ inquiry' = [inquiry EXCEPT ![v] = NotAsking]
       ELSE mute' = [mute EXCEPT ![v] = Forever] /\ inquiry' = [inquiry EXCEPT ![v] = Asking]
    /\ UNCHANGED <<said, halted>>

\* L18: HEAD of another member of the open height's set; a Byzantine one says what is least helpful.
Answer(v, w) ==
    /\ inquiry[v].open /\ Cardinality(inquiry[v].from) < Quorum
    /\ w \in Members(Open(v)) \ (inquiry[v].from \cup {v})
    /\ inquiry' = [inquiry EXCEPT ![v] =
           [open |-> TRUE,
            from |-> @.from \cup {w},
            highest |-> Max(@.highest, IF w \in Byzantine THEN 0 ELSE Head(w))]]
    /\ UNCHANGED <<said, ledger, journal, mute, lost, halted>>

\* L18: M + 2, if that height is still one of the set that was asked; else the next set is asked in its time.
Conclude(v) ==
    /\ inquiry[v].open /\ Cardinality(inquiry[v].from) >= Quorum
    /\ LET through == Max(inquiry[v].highest, Head(v)) + Margin
       IN  /\ IsOneSet(through, Open(v))
           /\ mute' = [mute EXCEPT ![v] = through]
    /\ inquiry' = [inquiry EXCEPT ![v] = NotAsking]
    /\ UNCHANGED <<said, ledger, journal, lost, halted>>

\* L20: a certificate against a final block stops the member for good.
Alarm(v) ==
    /\ v \notin halted
    /\ \E h \in 1 .. Head(v) : \E b \in Blocks :
        b # ledger[v][h] /\ Certified(Append(SubSeq(ledger[v], 1, h - 1), b))
    /\ halted' = halted \cup {v}
    /\ UNCHANGED <<said, ledger, journal, mute, inquiry, lost>>

Next ==
    \E v \in Honest :
        \/ \E b \in Blocks : Intend(v, b) \/ Finalize(v, b)
        \/ Send(v)
        \/ \E w \in Honest : CatchUp(v, w)
        \/ \E w \in First \cup Second : Answer(v, w)
        \/ RestartKept(v)
        \/ \E h \in 0 .. MaxHeight : RestartLost(v, h)
        \/ Conclude(v)
        \/ Alarm(v)

Spec == Init /\ [][Next]_vars

\* Members of both sets in equal states are interchangeable, and so are the values of a height.
Alike == Permutations(First \cap Second \cap Honest) \cup Permutations(Blocks)

---------------------------------------------------------------------------
(* What must hold.                                                         *)

TypeOK ==
    /\ said \subseteq Honest \X Chains
    /\ ledger \in [Honest -> Chains] /\ journal \in [Honest -> Chains]
    /\ mute \in [Honest -> 0 .. Forever]
    /\ \A v \in Honest : /\ inquiry[v].open \in BOOLEAN
                         /\ inquiry[v].from \subseteq Members(Open(v)) \ {v}
                         /\ inquiry[v].highest \in 0 .. MaxHeight
    /\ lost \in 0 .. MaxLost /\ halted \subseteq Honest

\* Agreement over heights: of any two final ledgers one continues the other.
Agreement == \A v, w \in Honest : IsPrefix(ledger[v], ledger[w]) \/ IsPrefix(ledger[w], ledger[v])

\* The same of all certificates that can be made, whether or not anybody has seen them.
CanBeCertified == {c \in {s[2] : s \in said} : Certified(c)}
OneChain == \A c, d \in CanBeCertified : IsPrefix(c, d) \/ IsPrefix(d, c)

\* Guarantee "innocence": no honest member votes for two values of one height, whatever it has lost.
NoFalseEvidence == \A s, t \in said : s[1] = t[1] /\ Len(s[2]) = Len(t[2]) => s = t

\* Every final block has its certificate by the set of its height (L11, L19, L21).
EveryBlockCertified == \A v \in Honest : \A h \in 1 .. Head(v) : Certified(SubSeq(ledger[v], 1, h))

\* L18: who is mute has signed nothing above its bound.
MuteLongEnough ==
    \A v \in Honest : mute[v] > 0 => \A s \in said : s[1] = v => Len(s[2]) <= mute[v] \/ Open(v) > mute[v]

NoAlarm == halted = {}
===========================================================================
